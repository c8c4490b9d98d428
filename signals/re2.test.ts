import { describe, expect, it } from "vitest";
import { anchoredRegExp } from "./re2.ts";

describe("regular expressions in RE2's syntax", () => {
  it.each([
    ["a|b", "b", true],
    ["a|b", "ab", false],
    [".*", "two\nlines", true],
    ["(?i)SPARK.*", "Spark-1", true],
    ["((?i)a)b", "Ab", true],
    ["((?i)a)b", "AB", false],
    ["(?P<venue>bist|binance)", "bist", true],
    ["[[:alpha:]]+", "abc", true],
    ["[[:alpha:]]+", "ab1", false],
    ["\\Aup\\z", "up", true],
    ["a\\_b", "a_b", true],
  ])("%s against %j: %s", (source, text, matches) => {
    expect(anchoredRegExp(source).test(text)).toBe(matches);
  });

  it.each(["(", "a(?=b)", "(a)\\1"])("refuses %s, which RE2 refuses", (source) => {
    expect(() => anchoredRegExp(source)).toThrow(expect.objectContaining({ code: "bad-regex" }));
  });
});
