import { setTimeout as delay } from "node:timers/promises";

/** The time, injected so that tests can control it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, for display and records. */
  nowMs(): number;
  /** Monotonic milliseconds with fractions from an arbitrary origin, for measuring. */
  monotonicMs(): number;
  /** Resolves after `durationMs`; rejects with the signal's reason when it is aborted first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (durationMs, signal) => {
    try {
      await delay(durationMs, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node rejects with an error of its own, by which nobody would know an interruption.
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};

/**
 * The machine's clock without its jumps: it reads the time of day once, when the process starts,
 * and then counts monotonically. For code that measures by times of day, since the machine's
 * clock may be set meanwhile.
 */
export const steadyClock: Clock = {
  ...systemClock,
  nowMs: () => performance.timeOrigin + performance.now(),
};

/**
 * A clock like {@link steadyClock} that reads the time of day now. For each experiment of a process that lives long:
 * what the machine's clock was set by before is no difference from the clocks of other processes.
 */
export function steadyClockFrom(clock: Clock): Clock {
  const originMs = clock.nowMs() - clock.monotonicMs();
  return { ...clock, nowMs: () => originMs + clock.monotonicMs() };
}
