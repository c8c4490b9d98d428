const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};
const DURATION = /^(?:\d+(?:ms|[smhdwy]))+$/;
const DURATION_PART = /(\d+)(ms|[smhdwy])/g;

/**
 * Reads a PromQL number: decimal, exponent, hexadecimal, `Inf`, `NaN`, with underscores; or a duration, which
 * counts in seconds. Returns undefined for anything else.
 */
export function readNumber(text: string): number | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[+-]\s*/, "").replaceAll("_", "");
  if (/^inf$/i.test(digits)) return sign * Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(digits)) return Number.NaN;
  if (DURATION.test(digits)) return sign * readDurationSeconds(digits);
  if (/^0x[0-9a-f]+$/i.test(digits)) return sign * Number.parseInt(digits, 16);
  if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8);
  const value = digits === "" ? Number.NaN : Number(digits);
  return Number.isNaN(value) ? undefined : sign * value;
}

function readDurationSeconds(text: string): number {
  let milliseconds = 0;
  for (const [, count, unit] of text.matchAll(DURATION_PART)) {
    milliseconds += Math.round(Number(count) * (UNIT_SECONDS[unit ?? ""] ?? 0) * 1_000);
  }
  return milliseconds / 1_000;
}
