import { ApiError } from "./api-error.ts";
import { strictNotes } from "./input-notes.ts";
import { readNumber, readObject, readString } from "./json-input.ts";

/** With less time, a holder on a busy machine could not renew in time. */
export const MIN_TTL_MS = 100;
/** A day: a longer lease would not protect from anything. */
export const MAX_TTL_MS = 86_400_000;
const MAX_OWNER_LENGTH = 200;

/**
 * The lease that a body of `POST /leases` requests.
 *
 * @throws ApiError 400
 */
export function readLeaseOptions(value: unknown): { readonly owner: string; readonly ttlMs: number } {
  const object = readObject(value, "the lease", ["owner", "ttlMs"], strictNotes());
  const owner = readString(object, "owner", "");
  if (owner === "") throw ApiError.missingField("owner");
  if (owner.length > MAX_OWNER_LENGTH) {
    throw ApiError.badBody(`field "owner": expected at most ${MAX_OWNER_LENGTH} characters`);
  }
  if (object.ttlMs === undefined) throw ApiError.missingField("ttlMs");
  const ttlMs = readNumber(object, "ttlMs", { fallback: 0, whole: true });
  if (ttlMs < MIN_TTL_MS || ttlMs > MAX_TTL_MS) {
    throw ApiError.badBody(
      `field "ttlMs": expected ${MIN_TTL_MS} to ${MAX_TTL_MS} (24 hours) in milliseconds, got ${ttlMs}`,
    );
  }
  return { owner, ttlMs };
}
