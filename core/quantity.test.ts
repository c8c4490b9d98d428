import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QUANTITY_NAMES as NAMES, QUANTITIES, whyImpossible } from "./quantity.ts";

describe("what a measured number can be", () => {
  it.each(NAMES)("is never NaN or infinite: %s", (name) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(whyImpossible(name, value)).toMatch(/^expected .+, got (NaN|-?Infinity)$/);
    }
  });

  it.each(NAMES)("includes both ends of its range and nothing beyond: %s", (name) => {
    const { min, max } = QUANTITIES[name];
    expect([whyImpossible(name, min), whyImpossible(name, max)]).toEqual([null, null]);
    if (Math.abs(min) < 1e12) expect(whyImpossible(name, min - 1)).not.toBeNull();
    if (max < 1e12) expect(whyImpossible(name, max + 1)).not.toBeNull();
  });

  it("says what came, and what could have come", () => {
    expect(whyImpossible("cores", -5)).toBe("expected 0 to 1024 cores, got -5");
    expect(whyImpossible("ratio", 1.2)).toBe("expected 0 to 1, got 1.2");
    expect(whyImpossible("amount", -3)).toBe("expected 0 or more, got -3");
    expect(whyImpossible("change", Number.NaN)).toBe("expected a finite number, got NaN");
  });

  it("is the range and nothing else", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.double(), (name, value) => {
        const { min, max } = QUANTITIES[name];
        fc.pre(Math.abs(value - min) > 1e-6 && Math.abs(value - max) > 1e-6);
        expect(whyImpossible(name, value) === null).toBe(value > min && value < max);
      }),
    );
  });

  it("bears the last digits of sums", () => {
    expect(whyImpossible("ratio", 1 + Number.EPSILON)).toBeNull();
  });
});
