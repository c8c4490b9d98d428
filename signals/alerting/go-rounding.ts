/** With this many digits it is exactly visible on which side of a half a float is. */
const EXACT_DIGITS = 100;

/**
 * `toFixed` with Go's rounding: a value exactly in the middle goes to the even digit (2.25 becomes 2.2),
 * where JavaScript rounds up. For values below 1e21.
 */
export function toFixedEven(value: number, digits: number): string {
  return roundedToEven(value.toFixed(digits), value.toFixed(EXACT_DIGITS), digits);
}

/** `toExponential` with Go's rounding. */
export function toExponentialEven(value: number, digits: number): string {
  const [mantissa = "", power = "+0"] = value.toExponential(digits).split("e");
  const [exact = "", exactPower = "+0"] = value.toExponential(EXACT_DIGITS).split("e");
  // A value that was rounded up to the next power of ten was not in the middle.
  if (power !== exactPower) return `${mantissa}e${power}`;
  return `${roundedToEven(mantissa, exact, digits)}e${power}`;
}

function roundedToEven(rounded: string, exact: string, digits: number): string {
  const point = exact.indexOf(".");
  const kept = exact.slice(0, digits === 0 ? point : point + 1 + digits);
  const isHalf = /^50*$/.test(exact.slice(point + 1 + digits));
  return isHalf && Number(kept.at(-1)) % 2 === 0 ? kept : rounded;
}
