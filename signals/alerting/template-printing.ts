import { toExponentialEven, toFixedEven } from "./go-rounding.ts";
import { significant } from "./humanize.ts";
import { show, type TemplateValue } from "./template-values.ts";

/** Go's `Sprint`: a blank between two values of which neither is a text. */
export function printValues(values: readonly TemplateValue[]): string {
  return values
    .map((value, index) => {
      const isApart = index > 0 && typeof value !== "string" && typeof values[index - 1] !== "string";
      return `${isApart ? " " : ""}${show(value)}`;
    })
    .join("");
}

/** Go's `Sprintf` with `%s`, `%d`, `%v`, `%q`, `%t`, `%f`, `%e`, `%g`, a width, a precision, `-`, `0`, and `%%`. */
export function printf(format: string, args: readonly TemplateValue[]): string {
  const remaining = [...args];
  return format.replace(
    /%(?:%|([-0]*)(\d+)?(?:\.(\d+))?([sdvqtfeg]))/g,
    (_whole, flags?: string, width?: string, digits?: string, verb?: string) => {
      if (verb === undefined) return "%";
      if (remaining.length === 0) return `%!${verb}(MISSING)`;
      const text = formatOne(
        verb,
        digits === undefined ? undefined : Number(digits),
        remaining.shift() ?? null,
      );
      const length = Number(width ?? 0);
      if (flags?.includes("-")) return text.padEnd(length);
      return text.padStart(length, flags?.includes("0") ? "0" : " ");
    },
  );
}

function formatOne(verb: string, digits: number | undefined, value: TemplateValue): string {
  if (verb === "v") return show(value);
  if (verb === "q" && typeof value === "string") return JSON.stringify(value);
  if (verb === "s" && typeof value === "string") return digits === undefined ? value : value.slice(0, digits);
  if (verb === "t" && typeof value === "boolean") return String(value);
  if (verb === "d" && typeof value === "bigint") return String(value);
  if ("feg".includes(verb) && typeof value === "number") return formatFloat(verb, digits, value);
  return `%!${verb}(${KINDS[typeof value] ?? "<nil>"}=${show(value)})`;
}

const KINDS: Readonly<Record<string, string>> = {
  number: "float64",
  bigint: "int",
  string: "string",
  boolean: "bool",
};

function formatFloat(verb: string, digits: number | undefined, value: number): string {
  if (!Number.isFinite(value)) return show(value);
  if (verb === "g") return digits === undefined ? show(value) : significant(value, digits);
  if (verb === "f") return fixed(value, digits ?? 6);
  return toExponentialEven(value, digits ?? 6).replace(/e([+-])(\d)$/, "e$10$2");
}

/** Every digit of the float, as Go writes it: JavaScript's own `toFixed` changes to exponents from 1e21 on. */
function fixed(value: number, digits: number): string {
  if (Math.abs(value) < 1e21) return toFixedEven(value, digits);
  return `${BigInt(value)}${digits > 0 ? `.${"0".repeat(digits)}` : ""}`;
}
