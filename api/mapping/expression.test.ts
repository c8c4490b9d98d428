import { describe, expect, it } from "vitest";
import { compileExpression, ExpressionError } from "./expression.ts";
import { parseTemplate } from "./template.ts";

const evaluated = (source: string, input: unknown = {}) => compileExpression(source).evaluate(input);

describe("an expression of a mapping", () => {
  it("says where it cannot be read", () => {
    expect(() => compileExpression("a.(")).toThrow(/at character \d+/);
  });

  it("is refused for a pattern that cannot be matched in linear time", () => {
    expect(() => compileExpression("$contains(text, /(?=a)/)")).toThrow(/regexp/);
  });

  it("that does not end is ended, by its steps and not by the clock", async () => {
    await expect(evaluated("($f := function($x) { $f($x + 1) }; $f(1))")).rejects.toThrow(/20000 steps/);
    await expect(evaluated("[1..100000]")).rejects.toThrow(ExpressionError);
  });

  it("takes a hostile text in time that is in proportion to it", async () => {
    const text = `${"a".repeat(50_000)}!`;
    expect(await evaluated("$contains(text, /^(a+)+$/)", { text })).toBe(false);
  });

  it("matches, splits and replaces by regular expressions", async () => {
    expect(await evaluated('$match("BTC-USDT", /([A-Z]+)-([A-Z]+)/).groups')).toEqual(["BTC", "USDT"]);
    expect(await evaluated('$replace("a-b-c", /-/, "/")')).toBe("a/b/c");
    expect(await evaluated('$split("a, b;c", /[,;] ?/)')).toEqual(["a", "b", "c"]);
    expect(await evaluated('$contains("BTC", /btc/i)')).toBe(true);
  });

  it("has no value where nothing is there", async () => {
    expect(await evaluated("a.b.c")).toBeUndefined();
  });

  it("can be evaluated many times at once, each with its own steps", async () => {
    const expression = compileExpression("$sum([1..$n])");
    const sums = await Promise.all([10, 20, 30].map((n) => expression.evaluate({}, { n })));
    expect(sums).toEqual([55, 210, 465]);
  });
});

describe("a text with expressions in braces", () => {
  const filled = (source: string, input: unknown) =>
    parseTemplate(source).fill(input, (value) => encodeURIComponent(value));

  it("has their values in their places", async () => {
    expect(await filled("/v1/{$uppercase(a)}/x{n}", { a: "b/c", n: 1 })).toBe("/v1/B%2FC/x1");
  });

  it("is none where a value is missing, and an error where it is no text", async () => {
    expect(await filled("/{a}", {})).toBeNull();
    await expect(filled("/{a}", { a: [1] })).rejects.toThrow(/expected a text in \{a\}/);
  });
});
