import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTrimmed, formatUnits, multiply, multiplyUp, parseUnits } from "./units.ts";

const anyUnits = fc.bigInt({ min: 0n, max: 10n ** 20n });

describe("exact decimals", () => {
  it("reads and writes a venue's decimals", () => {
    expect(parseUnits("61837.63000000")).toBe(6_183_763_000_000n);
    expect(formatUnits(6_183_763_000_000n)).toBe("61837.63000000");
    expect(formatTrimmed(6_183_763_000_000n)).toBe("61837.63");
    expect(formatTrimmed(parseUnits("86700"))).toBe("86700");
    expect(formatUnits(parseUnits("-0.00000001"))).toBe("-0.00000001");
  });

  it("reads back every amount that it wrote, in both forms", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (units) => {
        expect(parseUnits(formatUnits(units))).toBe(units);
        expect(parseUnits(formatTrimmed(units))).toBe(units);
      }),
    );
  });

  it("refuses what would lose digits or is not a decimal", () => {
    for (const text of ["0.000000001", "1e5", "", ".5", "1.", "NaN", "0x10", " 1", "1,5"]) {
      expect(() => parseUnits(text), text).toThrow(/Expected a decimal/);
    }
  });

  it("multiplies like decimal arithmetic, truncated or rounded up at the eighth decimal", () => {
    const Exact = Decimal.clone({ precision: 80 });
    fc.assert(
      fc.property(anyUnits, anyUnits, (left, right) => {
        const product = new Exact(formatUnits(left)).times(formatUnits(right));
        expect(formatUnits(multiply(left, right))).toBe(product.toFixed(8, Decimal.ROUND_DOWN));
        expect(formatUnits(multiplyUp(left, right))).toBe(product.toFixed(8, Decimal.ROUND_UP));
      }),
    );
  });
});
