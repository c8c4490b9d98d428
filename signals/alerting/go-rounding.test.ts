import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toExponentialEven, toFixedEven } from "./go-rounding.ts";

describe("Go's rounding", () => {
  it("rounds a half to the even digit", () => {
    expect([0.5, 1.5, 2.5, -2.5].map((value) => toFixedEven(value, 0))).toEqual(["0", "2", "2", "-2"]);
    expect([2.25, 2.75, 0.125].map((value) => toFixedEven(value, 1))).toEqual(["2.2", "2.8", "0.1"]);
    expect([12.5, 13.5, 95, 99.5].map((value) => toExponentialEven(value, 1))).toEqual([
      "1.2e+1",
      "1.4e+1",
      "9.5e+1",
      "1.0e+2",
    ]);
  });

  it("rounds everything else like JavaScript", () => {
    // 0.1 and similar values are never exactly in the middle.
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(3), (thousands, digits) => {
        const value = thousands / 1_000;
        fc.pre(!Number.isInteger(value * 16));
        expect(toFixedEven(value, digits)).toBe(value.toFixed(digits));
        expect(toExponentialEven(value, digits)).toBe(value.toExponential(digits));
      }),
    );
  });
});
