import { messageOf } from "../errors.ts";
import type { VenueOutcome } from "./venue-link.ts";

/** The delay before a call that failed without a stated time is repeated, in ms. */
export const RETRY_MS = 500;

export type Answer = Extract<VenueOutcome, { kind: "answer" }>;

/** A call whose answer says nothing about the order. */
export interface Failure {
  readonly kind: "failed";
  readonly reason: string;
  readonly retryAfterMs: number;
}

/** A body parsed as JSON, or undefined: a gateway in front of a venue answers with HTML when it fails. */
export function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Reads an answer. An unreadable one is returned as such and not thrown: it says nothing about the order. */
export function readOr<Result, Otherwise>(
  read: () => Result,
  otherwise: (reason: string) => Otherwise,
): Result | Otherwise {
  try {
    return read();
  } catch (error) {
    return otherwise(`unreadable answer: ${messageOf(error)}`);
  }
}

/** A failure for the given reason. */
export const failure = (reason: string, retryAfterMs: number = RETRY_MS): Failure => ({
  kind: "failed",
  reason,
  retryAfterMs,
});

/** The failure for a call that got no answer. */
export const failureOf = (outcome: Exclude<VenueOutcome, { kind: "answer" }>): Failure =>
  failure(outcome.reason, outcome.kind === "held-back" ? outcome.retryAfterMs : RETRY_MS);
