import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anchoredPattern, anchoredReplacement, matchesAnywhere, replaceEvery } from "./re2.ts";

describe("regular expressions in RE2's syntax", () => {
  it.each([
    ["a|b", "b", true],
    ["a|b", "ab", false],
    ["(a|b|)", "", true],
    [".*", "two\nlines", true],
    [".+", "", false],
    ["a.*b.+c", "a--b-c", true],
    ["a.*b.+c", "abc", false],
    ["a.+a", "aa", false],
    ["a\\.b", "a.b", true],
    ["a\\.b", "axb", false],
    ["(?i)SPARK.*", "Spark-1", true],
    ["((?i)a)b", "Ab", true],
    ["((?i)a)b", "AB", false],
    ["(?P<venue>bist|binance)", "bist", true],
    ["[[:alpha:]]+", "abc", true],
    ["[[:alpha:]]+", "ab1", false],
    ["[[:^alpha:]]+", "12", true],
    ["\\Aup\\z", "up", true],
    ["a\\_b", "a_b", true],
    ["\\Qa.b\\E+", "a.bb", true],
    ["\\Qa.b\\E+", "axb", false],
    ["[]a]+", "]a", true],
    ["[^]a]", "]", false],
    ["[^]a]", "b", true],
    ["\\pL+", "ğü", true],
    ["\\PL", "1", true],
    ["\\d{2}|x", "42", true],
  ])("%s against %j: %s", (source, text, matches) => {
    expect(anchoredPattern(source)(text)).toBe(matches);
  });

  it.each(["(", "a(?=b)", "(a)\\1", "a{1001}", "x**", "\\C", "((a{100}){100}){10}", "a)|(b"])(
    "refuses %s, which RE2 refuses",
    (source) => {
      expect(() => anchoredPattern(source)).toThrow(expect.objectContaining({ code: "bad-regex" }));
    },
  );

  it("takes time proportional to the text, whatever the pattern", () => {
    // JavaScript's own engine would take practically forever for this one.
    expect(anchoredPattern("(a+)+b")("a".repeat(5_000))).toBe(false);
  });

  it.each([
    [".+.*", "", false],
    ["a.+.*", "a", false],
    ["a.+.*b", "ab", false],
    [".+.*", "a", true],
  ])("answers whether %s matches %j: %j", (source, text, matches) => {
    expect(anchoredPattern(source)(text)).toBe(matches);
  });

  it("gives the same result as the same pattern in a group, which has no fast path", () => {
    const piece = fc.constantFrom("a", "b", "ab", ".*", ".+", "|", "\\.", ".");
    const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "\n"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), text, (pieces, value) => {
        const source = pieces.join("");
        expect(anchoredPattern(source)(value)).toBe(anchoredPattern(`(?:(?:${source}))`)(value));
      }),
    );
  });
});

describe("replacements", () => {
  it("expand groups by number and name, the longest name first", () => {
    const change = anchoredReplacement("(?P<name>[a-z]+)-(\\d+):.*", `\${name}/$2/$2x/\${01}/$$/$`);
    expect(change("spark-1:8080")).toBe("spark/1///$/$");
    expect(change("spark")).toBeUndefined();
  });

  it.each([
    ["b+", "x", "abbcb", "axcx"],
    ["b*", "-", "abc", "-a-c-"],
    ["(a)(z)?", "[$2$1]", "ab", "[a]b"],
    ["^", "> ", "a\nb", "> a\nb"],
    ["", "-", "ğ😀", "-ğ-😀-"],
  ])("every %s by %j in %j: %j, as Go's ReplaceAllString", (source, replacement, text, expected) => {
    expect(replaceEvery(source, replacement, text)).toBe(expected);
  });

  it("are matched anywhere, and `.` does not match a newline", () => {
    expect(matchesAnywhere("b.c", "ab-cd")).toBe(true);
    expect(matchesAnywhere("b.c", "ab\ncd")).toBe(false);
  });
});
