import type { Clock } from "../../../core/index.ts";

/** A clock that is where its sleepers want it to be: a night of 24 hours takes no time. */
export interface NightClock extends Clock {
  /** Moves it, as a machine that slept does. */
  advance(durationMs: number): void;
}

/** Starts it at a time. */
export function nightClock(startMs: number): NightClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async (durationMs, signal) => {
      signal?.throwIfAborted();
      nowMs += durationMs;
    },
    advance: (durationMs) => {
      nowMs += durationMs;
    },
  };
}
