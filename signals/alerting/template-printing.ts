import { quoteText } from "../text-quote.ts";
import { toExponentialEven, toFixedEven } from "./go-rounding.ts";
import { significant } from "./humanize.ts";
import { show, type TemplateValue } from "./template-values.ts";

/** Go's `Sprint`: a blank between two values when neither is a text. */
export function printValues(values: readonly TemplateValue[]): string {
  return values
    .map((value, index) => {
      const isApart = index > 0 && typeof value !== "string" && typeof values[index - 1] !== "string";
      return `${isApart ? " " : ""}${show(value)}`;
    })
    .join("");
}

/** One verb of a format, with everything between it and its `%`. */
interface Directive {
  readonly verb: string;
  readonly flags: string;
  readonly width: number;
  /** Undefined: the verb's default. */
  readonly digits: number | undefined;
}

const DIRECTIVE = /%(?:%|([-+0# ]*)(\d+)?(\.\d*)?([\s\S])?)/gu;
/** Larger than the length of any alert. */
const MAX_WIDTH = 10_000;

/**
 * Go's `Sprintf` with the verbs `%s %d %v %q %t %f %F %e %E %g %G %x %X %c %o %b %U %T`, the flags `-`, `+`,
 * `0` and blank, a width and a precision. `refuse` is called for what is not supported: `#`, `*`, argument
 * numbers, and floats in `%b` and `%x`.
 */
export function printf(
  format: string,
  args: readonly TemplateValue[],
  refuse: (what: string) => never,
): string {
  let used = 0;
  const printed = format.replace(
    DIRECTIVE,
    (whole, flags?: string, width?: string, precision?: string, verb?: string) => {
      if (whole === "%%") return "%";
      if (verb === undefined) return "%!(NOVERB)";
      if (verb === "%") return "%";
      if (flags?.includes("#") || "*[".includes(verb)) refuse(`the format ${whole}`);
      if (Number(width ?? 0) > MAX_WIDTH || Number(precision?.slice(1) ?? 0) > MAX_WIDTH)
        refuse(`the width of ${whole}`);
      if (used === args.length) return `%!${verb}(MISSING)`;
      const digits = precision === undefined ? undefined : Number(precision.slice(1));
      const directive = { verb, flags: flags ?? "", width: Number(width ?? 0), digits };
      return formatOne(directive, args[used++] ?? null, refuse);
    },
  );
  const extra = args.slice(used).map((value) => `${kindOf(value)}=${show(value)}`);
  return extra.length === 0 ? printed : `${printed}%!(EXTRA ${extra.join(", ")})`;
}

function formatOne(directive: Directive, value: TemplateValue, refuse: (what: string) => never): string {
  const { verb } = directive;
  if (verb === "T") return pad(kindOf(value), directive);
  const text =
    typeof value === "bigint"
      ? formatInteger(directive, value)
      : typeof value === "number"
        ? formatFloat(directive, value, refuse)
        : formatOther(directive, value, refuse);
  if (text !== undefined) return text;
  return value === null ? `%!${verb}(<nil>)` : `%!${verb}(${kindOf(value)}=${show(value)})`;
}

function kindOf(value: TemplateValue): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return "template.queryResult";
  return (
    { number: "float64", bigint: "int", string: "string", boolean: "bool" }[typeof value as "string"] ??
    "map[string]string"
  );
}

const RADIX: Readonly<Record<string, number>> = { d: 10, v: 10, x: 16, X: 16, o: 8, b: 2 };

function formatInteger(directive: Directive, value: bigint): string | undefined {
  const { verb, flags, digits } = directive;
  if (verb === "c" || verb === "q") {
    const character = value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : "\ufffd";
    return pad(verb === "c" ? character : `'${character}'`, directive);
  }
  if (verb === "U") return pad(`U+${value.toString(16).toUpperCase().padStart(4, "0")}`, directive);
  const radix = RADIX[verb];
  if (radix === undefined) return undefined;
  const magnitude = (value < 0n ? -value : value).toString(radix).padStart(digits ?? 0, "0");
  const written = verb === "X" ? magnitude.toUpperCase() : magnitude;
  const padding = digits === undefined ? flags : flags.replaceAll("0", "");
  return pad(written, { ...directive, flags: padding }, signOf(value < 0n, flags));
}

function formatFloat(
  directive: Directive,
  value: number,
  refuse: (what: string) => never,
): string | undefined {
  const { verb, flags, digits } = directive;
  if ("xXb".includes(verb)) refuse(`a float in %${verb}`);
  if (!"fegFEGv".includes(verb)) return undefined;
  const isNumber = Number.isFinite(value);
  const isNegative = value < 0 || Object.is(value, -0);
  const plus = flags.includes("+") || (value === Number.POSITIVE_INFINITY && !flags.includes(" "));
  const sign = Number.isNaN(value) ? signOf(false, flags) : signOf(isNegative, plus ? "+" : flags);
  const written = isNumber
    ? digitsOf(verb.toLowerCase(), digits, Math.abs(value))
    : show(Math.abs(value)).replace("+", "");
  const cased = /[EG]/.test(verb) && isNumber ? written.toUpperCase() : written;
  // Infinity is padded with blanks, never with zeros.
  return pad(cased, isNumber ? directive : { ...directive, flags: flags.replaceAll("0", "") }, sign);
}

function digitsOf(verb: string, digits: number | undefined, value: number): string {
  if (verb === "f") return fixed(value, digits ?? 6);
  if (verb === "e")
    return toExponentialEven(value, Math.min(digits ?? 6, 100)).replace(/e([+-])(\d)$/, "e$10$2");
  return digits === undefined ? show(value) : significant(value, Math.min(Math.max(digits, 1), 100));
}

function formatOther(
  directive: Directive,
  value: TemplateValue,
  refuse: (what: string) => never,
): string | undefined {
  const { verb, flags, digits } = directive;
  if (verb === "v") {
    if (typeof value !== "string") return pad(value === null ? "<nil>" : show(value), directive);
    return pad(cut(value, digits), directive);
  }
  if (verb === "t") return typeof value === "boolean" ? pad(String(value), directive) : undefined;
  if (typeof value !== "string")
    return value !== null && typeof value === "object" ? refuse(`a map or list in %${verb}`) : undefined;
  if (verb === "s") return pad(cut(value, digits), directive);
  if (verb === "q")
    return flags.includes("+") ? refuse("%+q") : pad(quoteText(cut(value, digits)), directive);
  if (verb !== "x" && verb !== "X") return undefined;
  const hex = Buffer.from(value).subarray(0, digits).toString("hex");
  const spaced = flags.includes(" ") ? (hex.match(/../g) ?? []).join(" ") : hex;
  return pad(verb === "X" ? spaced.toUpperCase() : spaced, directive);
}

function cut(text: string, characters: number | undefined): string {
  return characters === undefined ? text : [...text].slice(0, characters).join("");
}

function signOf(isNegative: boolean, flags: string): string {
  if (isNegative) return "-";
  return flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

/**
 * Pads to the width: at the end with `-`, with zeros after the sign with `0`, otherwise
 * with blanks at the start.
 */
function pad(text: string, { flags, width }: Directive, sign = ""): string {
  const missing = Math.max(0, width - [...sign, ...text].length);
  if (flags.includes("-")) return sign + text + " ".repeat(missing);
  return flags.includes("0") ? sign + "0".repeat(missing) + text : " ".repeat(missing) + sign + text;
}

/** Every digit of the float, as Go writes it: JavaScript's own `toFixed` uses exponents from 1e21 on. */
function fixed(value: number, digits: number): string {
  if (value < 1e21) return toFixedEven(value, Math.min(digits, 100)) + "0".repeat(Math.max(0, digits - 100));
  return `${BigInt(value)}${digits > 0 ? `.${"0".repeat(digits)}` : ""}`;
}
