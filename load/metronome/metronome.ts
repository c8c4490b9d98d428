import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ownModule } from "../../installation/index.ts";
import type { Alarm } from "../alarm.ts";

/** An alarm with a precision of about ten microseconds. */
export interface Metronome extends Alarm {
  /** Ends its thread; no more wake-ups follow. */
  stop(): void;
}

/** The shared memory: the time to wake, and a count that changes with it. */
export interface MetronomeMemory {
  /**
   * One element: the time to wake, on the clock of `performance.now()`, which all threads of a process share.
   */
  readonly wakeAtMs: Float64Array;
  /** One element: increased by one for each new time. */
  readonly revision: Int32Array;
  /** One element: the thread's phase, one of `METRONOME_PHASE`. */
  readonly phase: Int32Array;
}

/** The phases of the metronome's thread. */
export const METRONOME_PHASE = {
  /** It reads the time to wake by itself, at the latest at the end of the shortest wait. */
  pausing: 0,
  /** It sleeps until the time that it has read, and must be notified of an earlier one. */
  waiting: 1,
} as const;

/**
 * The shortest time between two wake-ups, which limits their cost at any rate. Operations due in between
 * start together at the next wake-up, up to half a millisecond late.
 */
export const MIN_WAIT_MS = 0.5;

/**
 * Starts a thread that sleeps until the next planned start and then wakes the caller's event loop. Node's
 * timers have a resolution of one millisecond, which is twice the interval at 2,000 operations per second; a
 * blocking wait is precise to about ten microseconds and uses no CPU. Resolves when the thread runs; an
 * earlier alarm would be late.
 */
export async function startMetronome(): Promise<Metronome> {
  const memory: MetronomeMemory = {
    wakeAtMs: new Float64Array(new SharedArrayBuffer(8)).fill(Number.POSITIVE_INFINITY),
    revision: new Int32Array(new SharedArrayBuffer(4)),
    phase: new Int32Array(new SharedArrayBuffer(4)),
  };
  const thread = new Worker(ownModule("./main.ts", import.meta.url), {
    workerData: memory,
    name: "metronome",
  });
  await once(thread, "message");
  let wake: (() => void) | undefined;
  /** The time until which the thread sleeps, as far as it was notified. */
  let knownWakeAtMs = Number.POSITIVE_INFINITY;
  thread.on("message", () => {
    knownWakeAtMs = Number.POSITIVE_INFINITY;
    wake?.();
  });

  const setWakeAtMs = (atMs: number): void => {
    memory.wakeAtMs[0] = atMs;
    Atomics.add(memory.revision, 0, 1);
    // Notifying is a system call, and usually unnecessary: after a wake-up the thread pauses and then reads
    // the next time by itself, and a thread that sleeps until an earlier time reads it then.
    const sleeping = Atomics.load(memory.phase, 0) === METRONOME_PHASE.waiting;
    if (sleeping && atMs < knownWakeAtMs) Atomics.notify(memory.revision, 0);
    knownWakeAtMs = Math.min(knownWakeAtMs, atMs);
  };
  return {
    set: (waitMs, wakeNext) => {
      wake = wakeNext;
      setWakeAtMs(performance.now() + Math.max(MIN_WAIT_MS, waitMs));
    },
    clear: () => {
      wake = undefined;
      setWakeAtMs(Number.POSITIVE_INFINITY);
    },
    stop: () => {
      wake = undefined;
      void thread.terminate();
    },
  };
}
