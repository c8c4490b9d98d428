import { setTimeout as delay } from "node:timers/promises";
import { UnavailableError } from "../../core/index.ts";
import { requestHttp } from "../../network/index.ts";
import type { GuardedProcess } from "../local/guarded-process.ts";

const POLL_MS = 50;
const REQUEST_TIMEOUT_MS = 2_000;

/**
 * Polls a container until it answers.
 *
 * @throws UnavailableError `container-not-ready` with the last result, when it does not
 *   until `limit` is aborted.
 * @throws ProcessDiedError when the container ends first.
 */
export function untilAnswers<T>(
  container: GuardedProcess,
  expected: string,
  limit: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  return container.untilReady(async (ended) => {
    let last = "nothing";
    while (!limit.aborted && !ended.aborted) {
      try {
        return await ask();
      } catch (error) {
        const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        last = reason instanceof Error ? reason.message || reason.name : String(reason);
      }
      await delay(POLL_MS);
    }
    throw new UnavailableError({
      code: "container-not-ready",
      message: `Expected the container ${container.name} ${expected} in time, but the last result was: ${last}. Its log ends with: ${container.lastLines().join(" | ") || "nothing"}.`,
      nextStep: `Its whole log is ${container.logPath}.`,
    });
  });
}

/** Returns normally for a 2xx, and throws otherwise. */
export async function getOk(url: string, limit: AbortSignal): Promise<void> {
  const status = await getAny(url, limit);
  if (status < 200 || status > 299) throw new Error(`GET ${url} answered ${status}`);
}

/** Returns the status of any answer, or throws. */
export async function getAny(url: string, limit: AbortSignal): Promise<number> {
  const { status } = await requestHttp(url, { signal: limit, deadlineMs: REQUEST_TIMEOUT_MS });
  return status;
}
