import { InvalidArgumentError } from "commander";

/** A number without sign, exponent or spaces; `Number` alone would read an empty text as 0. */
const DECIMAL = /^\d{1,15}(\.\d{1,15})?$/;
const WHOLE = /^\d{1,15}$/;
/** Decisions and draws hash the seed as 32 bits. */
const GREATEST_SEED = 2 ** 32 - 1;
const GREATEST_PORT = 65_535;

/** Rules allow less; how much less depends on their ranges, and is checked when they are loaded. */
export const GREATEST_TIME_SCALE = 1_000;

type ParseNumber = (text: string) => number;

/** Returns a parser of whole numbers in a range; commander names the option in its message. */
export function wholeNumber(least: number, most: number, what = "a whole number"): ParseNumber {
  return (text) => {
    const value = Number(text);
    if (WHOLE.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected ${what} from ${least} to ${most}.`);
  };
}

/** Returns a parser of numbers above zero, up to a limit. */
export function positiveNumber(most: number): ParseNumber {
  return (text) => {
    const value = Number(text);
    if (DECIMAL.test(text) && value > 0 && value <= most) return value;
    throw new InvalidArgumentError(`Expected a number above 0, up to ${most}.`);
  };
}

/** Parses a seed. */
export const seed: ParseNumber = wholeNumber(0, GREATEST_SEED);

/** Parses a port. */
export const port: ParseNumber = wholeNumber(1, GREATEST_PORT, "a port");

/** Parses a text that may not be empty: a path, a name or an address. */
export function nonEmpty(text: string): string {
  if (text.trim() !== "" && !text.includes("\0")) return text;
  throw new InvalidArgumentError("Expected a text that is not empty.");
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/;

/** Parses the name of a metric. */
export function metricName(text: string): string {
  if (METRIC_NAME.test(text)) return text;
  throw new InvalidArgumentError("Expected the name of a metric: http_requests_total.");
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, nonEmpty(value)];
}

/** Parses a SHA-256. */
export function digest(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("Expected a SHA-256: 64 hexadecimal digits.");
}
