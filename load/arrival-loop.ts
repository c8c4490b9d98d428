import type { Alarm } from "./alarm.ts";

/** Starts operations when they are due. */
export interface ArrivalLoop {
  /** Starts everything that is due; the loop calls it itself, and a tick may call it too. */
  pump(): void;
  /** Plans no further starts. */
  stop(): void;
}

/** What an arrival loop works with. */
export interface ArrivalLoopOptions {
  /** Ascending, on the clock of `nowMs`. */
  readonly plannedStartsMs: Iterator<number, void>;
  readonly nowMs: () => number;
  readonly alarm: Alarm;
  readonly start: (plannedAtMs: number) => void;
  /** Called once, when the last start has been made or the loop was stopped. */
  readonly ended: () => void;
}

/**
 * How many overdue operations start at once before answers are read again, so that catching up does not delay
 * reading.
 */
const MAX_BURST = 64;

/**
 * Calls `start` at each planned start: never earlier, and as soon after it as the wake-up and the event loop
 * allow, whether or not earlier operations have ended. This makes the load open-loop.
 */
export function runArrivalLoop(options: ArrivalLoopOptions): ArrivalLoop {
  const { plannedStartsMs, nowMs, alarm, start, ended } = options;
  let immediate: NodeJS.Immediate | undefined;
  let due = plannedStartsMs.next();
  let running = true;

  const end = (): void => {
    if (!running) return;
    running = false;
    alarm.clear();
    clearImmediate(immediate);
    ended();
  };

  const pump = (): void => {
    if (!running) return;
    clearImmediate(immediate);
    for (let burst = 0; burst < MAX_BURST && due.done !== true && due.value <= nowMs(); burst++) {
      start(due.value);
      due = plannedStartsMs.next();
    }
    if (due.done === true) {
      end();
      return;
    }
    const waitMs = due.value - nowMs();
    if (waitMs <= 0) immediate = setImmediate(pump);
    else alarm.set(waitMs, pump);
  };

  pump();
  return { pump, stop: end };
}
