import { Decimal as DecimalJs } from "decimal.js";
import { MoneyError } from "./errors.ts";

/** decimal.js with precision for any product of two numeric(38,18) values, and text without exponents. */
export const Decimal = DecimalJs.clone({ precision: 80, toExpNeg: -40, toExpPos: 60 });
export type Decimal = DecimalJs;

/** The values that a `numeric(38,18)` column holds. */
const SCALE = 18;
const INTEGER_DIGITS = 20;

/** How the API accepts an amount: positive or zero, no sign, no exponent, no spaces. */
export const DECIMAL_TEXT = /^(?:0|[1-9]\d{0,19})(?:\.\d{1,18})?$/;

/**
 * Reads an amount of a venue or of a column exactly.
 *
 * @throws MoneyError `bad-amount` for anything but a finite decimal written as text.
 */
export function amount(text: unknown): Decimal {
  if (typeof text !== "string" || !/^-?\d+(\.\d+)?$/.test(text)) {
    throw new MoneyError({
      code: "bad-amount",
      message: `Expected an amount as decimal text, got ${JSON.stringify(text)}.`,
      nextStep: "Amounts travel as text, such as 0.001, never as JSON numbers.",
    });
  }
  return new Decimal(text);
}

/**
 * The text of an amount for a numeric(38,18) column or for an answer: no exponent, no trailing zeros.
 *
 * @throws MoneyError `too-precise` when the column could not hold the amount exactly.
 */
export function amountText(value: Decimal): string {
  if (value.decimalPlaces() > SCALE || value.abs().trunc().toFixed(0).length > INTEGER_DIGITS) {
    throw new MoneyError({
      code: "too-precise",
      message: `Expected at most ${INTEGER_DIGITS} digits before and ${SCALE} after the point, got ${value.toFixed()}.`,
      nextStep: "Round on purpose where a quotient is computed, nowhere else.",
    });
  }
  return value.isZero() ? "0" : value.toFixed();
}

/**
 * Both venues book amounts of the quote asset with eight decimals and truncate the rest (Binance:
 * `quotePrecision`).
 */
const VENUE_DECIMALS = 8;

/** How much of the quote asset a fill moves, as the venue books it. */
export function quoteAmount(price: Decimal, quantity: Decimal): Decimal {
  return price.times(quantity).toDecimalPlaces(VENUE_DECIMALS, DecimalJs.ROUND_DOWN);
}

/**
 * A quotient, rounded half-even to the columns' precision. The only rounding that is this platform's own, not
 * a venue's.
 */
export function quotient(dividend: Decimal, divisor: Decimal): Decimal {
  return dividend.div(divisor).toDecimalPlaces(SCALE, DecimalJs.ROUND_HALF_EVEN);
}
