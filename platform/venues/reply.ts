import { messageOf } from "../errors.ts";
import type { VenueOutcome } from "./venue-link.ts";

/** How soon a call that failed for no stated time is worth repeating, in ms. */
export const RETRY_MS = 500;

export type Answer = Extract<VenueOutcome, { kind: "answer" }>;

/** A call that told nothing about the order. */
export interface Failure {
  readonly kind: "failed";
  readonly reason: string;
  readonly retryAfterMs: number;
}

/** The JSON of a body, or undefined: what stands in front of a venue answers with HTML when it fails. */
export function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Reads an answer; what it cannot read is told, not thrown: an unreadable answer says nothing about the order. */
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

/** The failure that a missing answer is. */
export const failureOf = (outcome: Exclude<VenueOutcome, { kind: "answer" }>): Failure =>
  failure(outcome.reason, outcome.kind === "held-back" ? outcome.retryAfterMs : RETRY_MS);
