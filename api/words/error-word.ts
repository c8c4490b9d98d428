/**
 * What a platform can say of a request that did not do what it asked for, in the field's own words. A platform's words
 * are mapped to these.
 */
export const ERROR_WORDS = [
  /** A risk limit of the platform forbids the order. */
  "risk_block",
  /** Trading is switched off. */
  "execution_disabled",
  /** The venue refused the order. */
  "venue_rejected",
  /** A cancel came too late: the order had ended before. */
  "order_not_open",
  /** The idempotency key belongs to another request. */
  "idempotency_conflict",
  /** A request with this key is still being worked on: it may be repeated. */
  "idempotency_in_progress",
  /** Whether it took effect is not known to the platform either. */
  "outcome_unknown",
] as const;

export type ErrorWord = (typeof ERROR_WORDS)[number];

/** How an operation ended for its client, as far as its answer tells. */
export type AnsweredOutcome = "succeeded" | "rejected" | "failed" | "unknown";

/** Refusals are part of a platform's contract; a conflict of keys is a client's mistake, and fails. */
export const OUTCOME_OF_ERROR: Readonly<Record<ErrorWord, AnsweredOutcome>> = {
  risk_block: "rejected",
  execution_disabled: "rejected",
  venue_rejected: "rejected",
  order_not_open: "rejected",
  idempotency_conflict: "failed",
  idempotency_in_progress: "failed",
  outcome_unknown: "unknown",
};

/** Whether it is one of the field's own words for errors. */
export function isErrorWord(word: string): word is ErrorWord {
  return ERROR_WORDS.some((known) => known === word);
}
