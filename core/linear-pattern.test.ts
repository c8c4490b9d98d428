import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearPattern, MAX_PATTERN_LENGTH, patternComplaint } from "./linear-pattern.ts";

describe("a linear pattern", () => {
  it.each([
    ["insert into", "INSERT INTO orders", true],
    ["^insert", "select; insert", false],
    ["\\border[s]?\\b", "update Orders set x = 1", true],
    ["", "anything", true],
    ["btcusdt@trade", '{"stream":"btcusdt@TRADE"}', true],
    ["é+", "CAFÉÉ", true],
    ["^a.c$", "abc", true],
  ])("%j in %j: %s", (source, text, matches) => {
    expect(linearPattern(source).test(text)).toBe(matches);
  });

  it.each(["^(a+)+$", "(x+x+)+y", "^/(a+)+$", "(a|a)*c", "(.*)*=.*"])(
    "%s is matched in time proportional to the text",
    (source) => {
      // A backtracking engine would not finish this before the test's deadline.
      expect(linearPattern(source).test(`${"a".repeat(65_536)}!`)).toBe(false);
    },
  );

  it("agrees with JavaScript's engine on literal texts", () => {
    const ascii = fc.string({ unit: "grapheme-ascii" });
    fc.assert(
      fc.property(ascii, ascii, ascii, (before, literal, after) => {
        const source = literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
        const text = before + after;
        expect(linearPattern(source).test(text)).toBe(text.toLowerCase().includes(literal.toLowerCase()));
        expect(linearPattern(source).test(before + literal + after)).toBe(true);
      }),
    );
  });
});

describe("refused patterns", () => {
  it.each([
    ["a(", "missing closing"],
    ["(?=a)", "invalid or unsupported Perl syntax"],
    ["(a)\\1", "invalid escape sequence"],
    ["[^x]{1000}", "instructions"],
    ["a{1001}", "invalid repeat count"],
    ["((a{100}){100}){100}", "invalid repeat count"],
    [`${"x".repeat(MAX_PATTERN_LENGTH)}+`, "at most 1024 characters"],
  ])("%.20s with the reason", (source, why) => {
    expect(patternComplaint(source)).toContain(why);
    expect(() => linearPattern(source)).toThrow(why);
  });

  it("any text is either refused or accepted, and nothing else is thrown", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[()a-c*+?{}0-9|[\]\\^$.,-]{0,30}$/)),
        (source) => {
          const complaint = patternComplaint(source);
          if (complaint === undefined) linearPattern(source).test("aaaaabbbbbccccc");
          else expect(complaint).toMatch(/^expected a regular expression/);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
