import { setTimeout as delay } from "node:timers/promises";

/** Time, handed in, so that a test can hold it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, for people and records. */
  nowMs(): number;
  /** Milliseconds from an arbitrary origin that never jumps, with fractions, for measuring. */
  monotonicMs(): number;
  /** Resolves after `durationMs`; rejects with the signal's reason when it is aborted first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (durationMs, signal) => delay(durationMs, undefined, signal === undefined ? {} : { signal }),
};

/**
 * The machine's clock without its jumps: it read the time of day once, when the process started. For whoever measures
 * by times of day, since somebody may set the machine's clock meanwhile.
 */
export const steadyClock: Clock = {
  ...systemClock,
  nowMs: () => performance.timeOrigin + performance.now(),
};
