/**
 * A value inside a template: what Go's templates know, as far as alerts need it. A `bigint` is a Go integer, which
 * Go never compares with a float: `gt $value 100` is an error where `gt $value 100.0` is not.
 */
export type TemplateValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [name: string]: TemplateValue };

/** From this exponent on Go prints a float with it, and below the other. */
const LARGE_EXPONENT = 6;
const SMALL_EXPONENT = -4;

/** A function of templates. `refuse` ends the filling in, naming what is wrong. */
export type TemplateFunction = (
  args: readonly TemplateValue[],
  refuse: (what: string) => never,
) => TemplateValue;

/** What Go counts as true: anything but false, zero, nil and what is empty. */
export function isTrue(value: TemplateValue): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** A value as Go prints it (`%v`). */
export function show(value: TemplateValue): string {
  if (value === null) return "<no value>";
  if (typeof value === "number") return showNumber(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(" ")}]`;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `map[${entries.map(([name, inner]) => `${name}:${show(inner)}`).join(" ")}]`;
}

/** Go's `%g`: the shortest digits that read back the same, with an exponent for what is very large or small. */
function showNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= SMALL_EXPONENT && exponent < LARGE_EXPONENT) return String(value);
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
