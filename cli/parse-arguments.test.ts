import { InvalidArgumentError } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect, nonEmpty, port, positiveNumber, seed, wholeNumber } from "./parse-arguments.ts";

const PARSERS = { seed, port, whole: wholeNumber(3, 7), positive: positiveNumber(10), nonEmpty };

describe("the parsers of arguments", () => {
  it.each([
    ["seed", "0", 0],
    ["seed", "4294967295", 4_294_967_295],
    ["port", "65535", 65_535],
    ["whole", "7", 7],
    ["positive", "0.5", 0.5],
  ] as const)("read %s %j", (parser, text, value) => {
    expect(PARSERS[parser](text)).toBe(value);
  });

  it.each([
    ["seed", ""],
    ["seed", "-1"],
    ["seed", "4294967296"],
    ["seed", "1e3"],
    ["seed", "0x10"],
    ["seed", " 1"],
    ["port", "0"],
    ["port", "65536"],
    ["whole", "3.5"],
    ["positive", "0"],
    ["positive", "1e9"],
    ["positive", "Infinity"],
    ["positive", ""],
    ["nonEmpty", " "],
    ["nonEmpty", "a\0b"],
  ] as const)("refuse %s %j", (parser, text) => {
    expect(() => PARSERS[parser](text)).toThrow(InvalidArgumentError);
  });

  it("either return a value in their range or refuse any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String)), (text) => {
        for (const [parse, least, most] of [
          [PARSERS.whole, 3, 7],
          [PARSERS.positive, 0, 10],
        ] as const) {
          try {
            const value = parse(text);
            expect(value >= least && value <= most).toBe(true);
          } catch (error) {
            if (!(error instanceof InvalidArgumentError)) throw error;
          }
        }
      }),
    );
  });

  it("collect values in the order in which they are given", () => {
    expect(collect("b", ["a"])).toEqual(["a", "b"]);
    expect(() => collect("", ["a"])).toThrow(InvalidArgumentError);
  });
});
