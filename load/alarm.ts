/** Wakes an arrival loop. One alarm is set at a time; setting it anew replaces the one before. */
export interface Alarm {
  /** Calls `wake` in `waitMs` from now, or a little later. */
  set(waitMs: number, wake: () => void): void;
  clear(): void;
}

/** An alarm by Node's own timers: a millisecond coarse, and without cost. */
export function timerAlarm(): Alarm {
  let timer: NodeJS.Timeout | undefined;
  return {
    set: (waitMs, wake) => {
      clearTimeout(timer);
      timer = setTimeout(wake, waitMs);
    },
    clear: () => clearTimeout(timer),
  };
}
