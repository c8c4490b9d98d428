import { ApiError } from "./api-error.ts";

/** A JSON object of the request whose fields have not been looked at. */
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
 * The value as an object with no fields but the known ones. Toxiproxy ignores a field it does not know, so that a
 * misspelt attribute makes a fault that does nothing; here it is refused by name.
 *
 * @throws ApiError 400
 */
export function readObject(value: unknown, what: string, known: readonly string[]): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw expected(what, "an object", value);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw ApiError.badBody(`unknown field "${unknown}" in ${what}, expected one of ${known.join(", ")}`);
  }
  return value as JsonObject;
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

/** The field as true or false, or the fallback when it is absent or null. @throws ApiError 400 */
export function readBoolean(object: JsonObject, field: string, fallback: boolean): boolean {
  const value = object[field] ?? fallback;
  if (typeof value !== "boolean") throw expected(`field "${field}"`, "true or false", value);
  return value;
}

/** The field as a number of at least 0, or the fallback when it is absent or null. @throws ApiError 400 */
export function readNumber(
  object: JsonObject,
  field: string,
  options: { readonly fallback: number; readonly whole: boolean },
): number {
  const value = object[field] ?? options.fallback;
  const kind = options.whole ? "a whole number" : "a number";
  const fits = typeof value === "number" && value >= 0 && (!options.whole || Number.isSafeInteger(value));
  if (!fits) throw expected(`field "${field}"`, `${kind} of at least 0`, value);
  return value;
}

function expected(what: string, kind: string, value: unknown): ApiError {
  return ApiError.badBody(
    `${what}: expected ${kind}, got ${(JSON.stringify(value) ?? "nothing").slice(0, 80)}`,
  );
}
