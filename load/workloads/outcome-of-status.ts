/** The contract's refusals: 422 for a risk block or a venue's rejection, 423 for the kill switch. */
export const REFUSAL_STATUSES: readonly number[] = [422, 423];
/** 409 for a cancel that came too late: its order filled or ended before. Any other conflict is a failure. */
export const TOO_LATE_STATUS = 409;
const TOO_LATE = "order_not_open";
const IN_PROGRESS = "idempotency_in_progress";

/** How an answered operation ended; `error` is the platform's own word, where it gave one. */
export function outcomeOfAnswer(
  status: number,
  error: string | null | undefined,
): "succeeded" | "rejected" | "failed" {
  if (status >= 200 && status < 300) return "succeeded";
  return error === TOO_LATE || REFUSAL_STATUSES.includes(status) ? "rejected" : "failed";
}

/** Whether a client tries the same again: a lost answer, a server's error, a first try still being worked on. */
export function isRetryable(status: number | null, error: string | null | undefined): boolean {
  return status === null || status >= 500 || (status === 409 && error === IN_PROGRESS);
}
