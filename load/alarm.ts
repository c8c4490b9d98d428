/** Wakes an arrival loop. Only one alarm is set at a time; setting it replaces the one before. */
export interface Alarm {
  /** Calls `wake` in `waitMs` from now, or a little later. */
  set(waitMs: number, wake: () => void): void;
  clear(): void;
}

/** An alarm with Node's timers: a resolution of a millisecond, and no cost. */
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
