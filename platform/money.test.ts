import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amount, amountText, DECIMAL_TEXT, Decimal, quotient } from "./money.ts";

const anyAmount = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }),
    fc.nat(18),
    fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
  )
  .map(([whole, digits, fraction]) => {
    const text = fraction.toString().padStart(18, "0").slice(0, digits);
    return digits === 0 ? whole.toString() : `${whole}.${text}`;
  });

describe("money", () => {
  it("converts to text and back without losing a digit", () => {
    fc.assert(
      fc.property(anyAmount, (text) => {
        expect(amount(amountText(amount(text))).eq(new Decimal(text))).toBe(true);
        expect(DECIMAL_TEXT.test(amountText(amount(text)))).toBe(true);
      }),
    );
  });

  it("adds amounts exactly that binary floating point does not", () => {
    expect(amountText(amount("0.1").plus(amount("0.2")))).toBe("0.3");
    expect(amountText(amount("61000.01").times("0.00033"))).toBe("20.1300033");
  });

  it("refuses anything but decimal text", () => {
    for (const value of [0.1, "1e3", "", " 1", "0x1", "NaN", "1.", ".5", null]) {
      expect(() => amount(value)).toThrow(/Expected an amount as decimal text/);
    }
  });

  it("refuses an amount that its column would round", () => {
    expect(() => amountText(new Decimal("1e-19"))).toThrow(/18 after the point/);
    expect(() => amountText(new Decimal("1e20"))).toThrow(/20 digits before/);
  });

  it("rounds a quotient to the column's 18 digits, half to even", () => {
    expect(amountText(quotient(new Decimal(1), new Decimal(3)))).toBe("0.333333333333333333");
    expect(amountText(quotient(new Decimal("5e-18"), new Decimal(2)))).toBe("0.000000000000000002");
  });
});
