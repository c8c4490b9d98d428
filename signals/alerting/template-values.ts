import { formatGoFloat } from "../go-float.ts";

/**
 * A value inside a template: the types of Go's templates, as far as alerts need them. A `bigint` is a Go
 * integer, which Go never compares with a float: `gt $value 100` is an error where `gt $value 100.0` is not.
 */
export type TemplateValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [name: string]: TemplateValue };

/** One element of a `query` result, as templates see it. */
export interface TemplateSample {
  readonly Labels: Readonly<Record<string, string>>;
  readonly Value: number;
}

/** Settings of a Prometheus for its environment: its external labels, and the address of its pages. */
export interface External {
  readonly labels: Readonly<Record<string, string>>;
  readonly url: string;
}

/** What template functions may access. */
export interface TemplateWorld {
  /** Evaluates `query` at the time of the evaluation. */
  readonly query: (expression: string) => readonly TemplateSample[];
  readonly atMs: number;
  readonly external: External;
}

/** A template function. `refuse` ends the rendering with an error. */
export type TemplateFunction = (
  args: readonly TemplateValue[],
  refuse: (what: string) => never,
  world: TemplateWorld,
) => TemplateValue;

/**
 * Whether a value is one of Go's structs, which have fixed fields; a map has any field,
 * empty when it is not set.
 */
export function isStruct(value: { readonly [name: string]: TemplateValue }): boolean {
  return typeof value.Labels === "object" && value.Labels !== null;
}

/** Go's truth: everything except false, zero, nil and empty values. */
export function isTrue(value: TemplateValue): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** A value as Go prints it (`%v`). */
export function show(value: TemplateValue): string {
  if (value === null) return "<no value>";
  if (typeof value === "number") return formatGoFloat(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(" ")}]`;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `map[${entries.map(([name, inner]) => `${name}:${show(inner)}`).join(" ")}]`;
}
