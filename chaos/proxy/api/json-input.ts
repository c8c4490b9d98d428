import { ApiError } from "./api-error.ts";
import type { InputNotes } from "./input-notes.ts";

/** The length to which an error quotes the input. */
const MAX_QUOTED_LENGTH = 80;

/** A JSON object of the request whose fields are not yet checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads a request's body as JSON.
 *
 * @throws ApiError 400
 */
export function parseJson(text: string): unknown {
  if (text.trim() === "") throw ApiError.badBody("EOF");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw ApiError.badBody((error as SyntaxError).message);
  }
}

/**
 * The value as an object with these fields, whose names may be in any case, as Go reads them. A field with another name
 * has no effect in Toxiproxy, so that a misspelled attribute makes a fault that does nothing: here it is noted, and
 * refused where the client asked for strictness.
 *
 * @throws ApiError 400
 */
export function readObject(
  value: unknown,
  what: string,
  known: readonly string[],
  notes: InputNotes,
): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw expected(what, "an object", value);
  const names = new Map(known.map((name) => [name.toLowerCase(), name]));
  const fields = new Map<string, unknown>();
  for (const [key, inner] of Object.entries(value)) {
    const name = names.get(key.toLowerCase());
    if (name === undefined) notes.add(unknownField(key, what, known));
    else fields.set(name, inner);
  }
  return Object.fromEntries(fields);
}

function unknownField(key: string, what: string, known: readonly string[]): string {
  return `unknown field "${key.slice(0, MAX_QUOTED_LENGTH)}" in ${what}, expected one of ${known.join(", ")}`;
}

/** @throws ApiError 400 */
export function readArray(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw expected(what, "an array", value);
  return value;
}

/** The field as a text, or the fallback when it is absent or null. @throws ApiError 400 */
export function readString(object: JsonObject, field: string, fallback: string): string {
  const value = object[field] ?? fallback;
  if (typeof value !== "string") throw expected(`field "${field}"`, "a string", value);
  return value;
}

/**
 * The field as a boolean, or the fallback when it is absent or null.
 *
 * @throws ApiError 400
 */
export function readBoolean(object: JsonObject, field: string, fallback: boolean): boolean {
  const value = object[field] ?? fallback;
  if (typeof value !== "boolean") throw expected(`field "${field}"`, "true or false", value);
  return value;
}

/** The field as texts by name, or the fallback when it is absent or null. @throws ApiError 400 */
export function readTexts(
  object: JsonObject,
  field: string,
  fallback: Readonly<Record<string, string>>,
  notes: InputNotes,
): Readonly<Record<string, string>> {
  const value = object[field] ?? fallback;
  if (typeof value !== "object" || Array.isArray(value))
    throw expected(`field "${field}"`, "an object of strings", value);
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, textOf(text, `${field}.${name}`, notes)]),
  );
}

/**
 * The field as a text that may have been sent as a number, or the fallback when it is absent or null:
 * toxiproxy-cli sends every attribute that looks like a number as one. @throws ApiError 400
 */
export function readLooseText(
  object: JsonObject,
  field: string,
  fallback: string,
  notes: InputNotes,
): string {
  return textOf(object[field] ?? fallback, field, notes);
}

function textOf(value: unknown, field: string, notes: InputNotes): string {
  if (typeof value === "string") return value;
  if (typeof value !== "number") throw expected(`field "${field}"`, "a string", value);
  notes.add(`field "${field}": expected a string, got the number ${value}`);
  return String(value);
}

/**
 * The field as a number from `min` (never below 0) to `max`, or the fallback when it is absent or null. @throws
 * ApiError 400
 */
export function readNumber(
  object: JsonObject,
  field: string,
  options: {
    readonly fallback: number;
    readonly whole: boolean;
    readonly min?: number;
    readonly max?: number;
  },
): number {
  const value = object[field] ?? options.fallback;
  const kind = options.whole ? "a whole number" : "a number";
  const { min = 0, max = Number.MAX_VALUE } = options;
  const fits =
    typeof value === "number" &&
    value >= min &&
    value <= max &&
    (!options.whole || Number.isSafeInteger(value));
  const range = max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of at least ${min}`;
  if (!fits) throw expected(`field "${field}"`, `${kind} ${range}`, value);
  return value;
}

function expected(what: string, kind: string, value: unknown): ApiError {
  return ApiError.badBody(`${what}: expected ${kind}, got ${describe(value)}`);
}

/** The input, shortened. An object is not written out, since it may be nested too deeply to be serialized. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return (JSON.stringify(value) ?? "nothing").slice(0, MAX_QUOTED_LENGTH);
}
