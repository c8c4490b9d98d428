import { formatGoFloat } from "../go-float.ts";

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

/** One element of what `query` found, as templates see it. */
export interface TemplateSample {
  readonly Labels: Readonly<Record<string, string>>;
  readonly Value: number;
}

/** What a Prometheus is configured with for the world outside: its own labels, and the address of its pages. */
export interface External {
  readonly labels: Readonly<Record<string, string>>;
  readonly url: string;
}

/** What functions of templates may ask for. */
export interface TemplateWorld {
  /** Answers `query` at the moment of the evaluation. */
  readonly query: (expression: string) => readonly TemplateSample[];
  readonly atMs: number;
  readonly external: External;
}

/** A function of templates. `refuse` ends the filling in, naming what is wrong. */
export type TemplateFunction = (
  args: readonly TemplateValue[],
  refuse: (what: string) => never,
  world: TemplateWorld,
) => TemplateValue;

/** Whether a value is one of Go's structs, whose fields are few; a map has any field, empty where it is not set. */
export function isStruct(value: { readonly [name: string]: TemplateValue }): boolean {
  return typeof value.Labels === "object" && value.Labels !== null;
}

/** What Go counts as true: anything but false, zero, nil and what is empty. */
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
