const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;
/** Go's `%g` uses an exponent from this exponent on, and below the other one. */
const LARGE_EXPONENT = 6;
const SMALL_EXPONENT = -4;

/**
 * Parses a float as Go's `strconv.ParseFloat` does when Prometheus calls it: decimals, exponents,
 * `Inf` and `NaN` in any case. Undefined for what fails a scrape: hexadecimal, underscores,
 * blanks, a number out of range.
 */
export function parseGoFloat(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const infinity = INFINITY.exec(text);
  if (infinity !== null) return infinity[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : undefined;
}

/** Writes a float as Go's `%g`: the shortest digits that read back the same, `1e+06`, `+Inf`. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= SMALL_EXPONENT && exponent < LARGE_EXPONENT) return String(value);
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/**
 * Writes a float as OpenMetrics requires for the labels `le` and `quantile`: like Go's `%g`,
 * but `1.0` instead of `1`.
 */
export function formatOpenMetricsFloat(value: number): string {
  if (value === 0) return "0.0";
  const text = formatGoFloat(value);
  return /[e.N]|Inf/.test(text) ? text : `${text}.0`;
}
