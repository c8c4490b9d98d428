/** The contract's refusals: 422 for a risk block or a venue's rejection, 423 for the kill switch. */
export const REFUSAL_STATUSES: readonly number[] = [422, 423];
/** 409 for a cancel that came too late, because its order had ended. Any other conflict is a failure. */
export const TOO_LATE_STATUS = 409;
const TOO_LATE = "order_not_open";
const IN_PROGRESS = "idempotency_in_progress";

/** The outcome of an answered operation; `error` is the platform's error code, if it sent one. */
export function outcomeOfAnswer(
  status: number,
  error: string | null | undefined,
): "succeeded" | "rejected" | "failed" {
  if (status >= 200 && status < 300) return "succeeded";
  return error === TOO_LATE || REFUSAL_STATUSES.includes(status) ? "rejected" : "failed";
}

/**
 * Whether a client retries: after a lost answer, a server's error, or when its first attempt is still in
 * progress.
 */
export function isRetryable(status: number | null, error: string | null | undefined): boolean {
  return status === null || status >= 500 || (status === 409 && error === IN_PROGRESS);
}
