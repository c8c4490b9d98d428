import { formatFloat } from "../promql/format-float.ts";

export type TemplateValue = string | number;

const SI_LARGE = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];
const SI_SMALL = ["", "m", "u", "n", "p", "f", "a", "z", "y"];
const BINARY = ["", "ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

/** The functions of alert templates, as Prometheus defines them (`template/template.go`). */
export const TEMPLATE_FUNCTIONS: Readonly<Record<string, (args: readonly TemplateValue[]) => TemplateValue>> =
  {
    humanize: ([value]) => humanize(numberOf(value)),
    humanize1024: ([value]) => scaled(numberOf(value), 1_024, BINARY),
    humanizePercentage: ([value]) => `${significant(numberOf(value) * 100, 4)}%`,
    humanizeDuration: ([value]) => humanizeDuration(numberOf(value)),
    printf: ([format, ...rest]) => printf(String(format), rest),
    toUpper: ([text]) => String(text).toUpperCase(),
    toLower: ([text]) => String(text).toLowerCase(),
    title: ([text]) => String(text).replace(/\b\p{L}/gu, (letter) => letter.toUpperCase()),
  };

function numberOf(value: TemplateValue | undefined): number {
  return typeof value === "number" ? value : Number(value);
}

/** Go's `%.4g`. */
function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  if (value === 0) return "0";
  const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = "", power = "+0"] = value.toExponential(digits - 1).split("e");
    return `${trimZeros(mantissa)}e${power.charAt(0)}${power.slice(1).padStart(2, "0")}`;
  }
  return trimZeros(value.toPrecision(digits));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function humanize(value: number): string {
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

function humanizeDuration(value: number): string {
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

/** `%s`, `%d`, `%v`, `%f`, `%g` with an optional precision, and `%%`. */
function printf(format: string, args: readonly TemplateValue[]): string {
  const remaining = [...args];
  return format.replace(/%(?:%|(?:\.(\d+))?([sdvfg]))/g, (whole, digits?: string, verb?: string) => {
    if (verb === undefined) return whole === "%%" ? "%" : whole;
    const value = remaining.shift() ?? "";
    if (verb === "f") return numberOf(value).toFixed(Number(digits ?? 6));
    if (verb === "g" && digits !== undefined) return significant(numberOf(value), Number(digits));
    return typeof value === "number" ? formatFloat(value) : value;
  });
}
