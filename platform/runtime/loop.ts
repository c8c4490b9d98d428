import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log.ts";

export interface LoopOptions {
  readonly name: string;
  /** From the end of one round to the start of the next. */
  readonly intervalMs: number;
  readonly round: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** After this many failures in a row the pause is at its longest, 2^4 intervals. */
const MAX_DOUBLINGS = 4;

/**
 * Runs rounds until the signal is aborted. A failed round is logged, and the pauses grow until one succeeds.
 */
export async function runLoop(options: LoopOptions): Promise<void> {
  const { name, intervalMs, round, signal, log } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await round();
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      log.warn({ loop: name, failures, error: messageOf(error) }, "a background round failed");
    }
    const pauseMs = intervalMs * 2 ** Math.min(failures, MAX_DOUBLINGS);
    await pause(pauseMs, signal);
  }
}

async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(durationMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
