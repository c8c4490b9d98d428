/**
 * A decimal amount of money, price or quantity as a whole number of hundred-millionths. Both venues use at
 * most eight decimals, so every sum is exact.
 */
export type Units = bigint;

/** The number of decimals of {@link Units}. */
const UNIT_DECIMALS = 8;

/** 1 as {@link Units}. */
export const ONE: Units = 10n ** BigInt(UNIT_DECIMALS);

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads a decimal string exactly.
 *
 * @throws RangeError when the text is not a plain decimal or has more than eight significant decimals.
 */
export function parseUnits(text: string): Units {
  const match = DECIMAL.exec(text);
  const fraction = (match?.[3] ?? "").replace(/0+$/, "");
  if (match === null || fraction.length > UNIT_DECIMALS) {
    throw new RangeError(`Expected a decimal with at most ${UNIT_DECIMALS} decimals, got ${text}.`);
  }
  const magnitude = BigInt((match[2] ?? "0") + fraction.padEnd(UNIT_DECIMALS, "0"));
  return match[1] === "-" ? -magnitude : magnitude;
}

/** Writes all eight decimals, as Binance does: `61837.63000000`. */
export function formatUnits(units: Units): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(UNIT_DECIMALS + 1, "0");
  return `${sign}${digits.slice(0, -UNIT_DECIMALS)}.${digits.slice(-UNIT_DECIMALS)}`;
}

/** Writes no trailing zeros, as BTCTurk does: `61837.63`. */
export function formatTrimmed(units: Units): string {
  const text = formatUnits(units);
  return text.replace(/\.?0+$/, "");
}

/** Multiplies two amounts, truncated to eight decimals. */
export function multiply(left: Units, right: Units): Units {
  return (left * right) / ONE;
}

/** Multiplies two amounts, rounded up at the eighth decimal: the reserve for a purchase. */
export function multiplyUp(left: Units, right: Units): Units {
  return (left * right + ONE - 1n) / ONE;
}

/** The smaller amount. */
export function least(left: Units, right: Units): Units {
  return left < right ? left : right;
}

/** The larger amount. */
export function greatest(left: Units, right: Units): Units {
  return left > right ? left : right;
}
