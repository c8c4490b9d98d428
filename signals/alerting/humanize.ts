import { formatFloat } from "../promql/format-float.ts";
import { toExponentialEven, toFixedEven } from "./go-rounding.ts";

const SI_LARGE = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];
const SI_SMALL = ["", "m", "u", "n", "p", "f", "a", "z", "y"];
const BINARY = ["", "ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
/** Go's timestamps are nanoseconds in 64 bits. */
const LONGEST_NANOSECONDS = 2 ** 63;

/** Go's `%.4g` and similar formats. */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  if (value === 0) return "0";
  const [mantissa = "", power = "+0"] = toExponentialEven(value, digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    return `${trimZeros(mantissa)}e${power.charAt(0)}${power.slice(1).padStart(2, "0")}`;
  }
  return trimZeros(toFixedEven(value, digits - 1 - exponent));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** With a binary prefix: `1MiB` without its unit. */
export function humanize1024(value: number): string {
  return scaled(value, 1_024, BINARY);
}

/** With an SI prefix: `1.235M`, `1.5m`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return significant(value, 4);
  if (Math.abs(value) >= 1) return scaled(value, 1_000, SI_LARGE);
  let prefix = 0;
  let small = value;
  while (Math.abs(small) < 1 && prefix < SI_SMALL.length - 1) {
    small *= 1_000;
    prefix++;
  }
  return `${significant(small, 4)}${SI_SMALL[prefix] ?? ""}`;
}

function scaled(value: number, base: number, prefixes: readonly string[]): string {
  let prefix = 0;
  let rest = value;
  while (Number.isFinite(rest) && Math.abs(rest) >= base && prefix < prefixes.length - 1) {
    rest /= base;
    prefix++;
  }
  return `${significant(rest, 4)}${prefixes[prefix] ?? ""}`;
}

/** `1d 1h 1m 1s`, `487.5ms`. */
export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return significant(value, 4);
  if (value === 0) return "0s";
  if (Math.abs(value) < 1) return `${humanize(value)}s`;
  const sign = value < 0 ? "-" : "";
  const rest = Math.abs(value);
  const [seconds, minutes, hours, days] = [
    Math.floor(rest) % 60,
    Math.floor(rest / 60) % 60,
    Math.floor(rest / 3_600) % 24,
    Math.floor(rest / 86_400),
  ] as [number, number, number, number];
  if (days > 0) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours > 0) return `${sign}${hours}h ${minutes}m ${seconds}s`;
  if (minutes > 0) return `${sign}${minutes}m ${seconds}s`;
  return `${sign}${significant(rest, 4)}s`;
}

/** `2006-01-02 15:04:05.567 +0000 UTC`; undefined for a time that Go cannot represent. */
export function humanizeTimestamp(seconds: number): string | undefined {
  if (!Number.isFinite(seconds)) return significant(seconds, 4);
  const nanoseconds = Math.trunc(seconds * 1e9);
  if (Math.abs(nanoseconds) >= LONGEST_NANOSECONDS) return undefined;
  // Prometheus's own times are in milliseconds, truncated towards the epoch.
  const milliseconds = Math.trunc(nanoseconds / 1e6);
  const [date = "", time = ""] = new Date(milliseconds).toISOString().split("T");
  const fraction = time.slice(8, 12).replace(/\.?0+$/, "");
  return `${date} ${time.slice(0, 8)}${fraction} +0000 UTC`;
}
