import { parseDurationMs } from "../../core/index.ts";

/**
 * Parses a PromQL number: decimal, exponent, hexadecimal, `Inf`, `NaN`, with underscores; or a duration,
 * converted to seconds. Returns undefined for anything else.
 */
export function readNumber(text: string): number | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[+-]\s*/, "").replaceAll("_", "");
  if (/^inf$/i.test(digits)) return sign * Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(digits)) return Number.NaN;
  if (/^\d+(?:ms|[smhdwy])/.test(digits)) {
    const seconds = readDurationSeconds(digits);
    return seconds === undefined ? undefined : sign * seconds;
  }
  if (/^0x[0-9a-f]+$/i.test(digits)) return sign * Number.parseInt(digits, 16);
  if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8);
  const value = digits === "" ? Number.NaN : Number(digits);
  return Number.isNaN(value) ? undefined : sign * value;
}

/** Undefined for units in the wrong order, repeated units, or more than Prometheus's 292 years. */
function readDurationSeconds(text: string): number | undefined {
  try {
    return parseDurationMs(text) / 1_000;
  } catch {
    return undefined;
  }
}
