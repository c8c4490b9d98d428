import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { describeGaps, RunnerWatch } from "./runner-watch.ts";

/** A clock whose time of day can be set. */
class SettableClock {
  passedMs = 0;
  setByMs = 0;

  monotonicMs(): number {
    return this.passedMs;
  }

  nowMs(): number {
    return 1_000_000 + this.passedMs + this.setByMs;
  }
}

describe("the runner watch", () => {
  let clock: SettableClock;
  beforeEach(() => {
    vi.useFakeTimers();
    clock = new SettableClock();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Advances the time while the runner runs. */
  const run = (durationMs: number) => {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 100) {
      clock.passedMs += 100;
      vi.advanceTimersByTime(100);
    }
  };

  it("reports nothing for a runner that runs, even a little late", () => {
    using watch = new RunnerWatch(clock);
    run(5_000);
    clock.passedMs += 700;
    run(1_000);
    expect(watch.gaps()).toEqual([]);
    expect(describeGaps(watch.gaps())).toBeNull();
  });

  it("reports that it was stopped, and for how long", () => {
    using watch = new RunnerWatch(clock);
    run(1_000);
    clock.passedMs += 8_000;
    run(1_000);
    expect(watch.gaps()).toEqual([{ kind: "stood-still", durationMs: 8_000 }]);
    expect(describeGaps(watch.gaps())).toBe("the runner itself did not run for 8.0 s");
  });

  it("reports a gap that has just ended, before its timer fires", () => {
    using watch = new RunnerWatch(clock);
    clock.passedMs += 3_100;
    expect(watch.gaps()).toEqual([{ kind: "stood-still", durationMs: 3_000 }]);
  });

  it.each([
    [-3_600_000, "its clock was set back by 3600.0 s"],
    [3_600_000, "its clock was set forward by 3600.0 s"],
  ])("reports that its clock was set by %i ms", (byMs, description) => {
    using watch = new RunnerWatch(clock);
    run(1_000);
    clock.setByMs = byMs;
    run(1_000);
    expect(watch.gaps()).toEqual([{ kind: "clock-stepped", byMs }]);
    expect(describeGaps(watch.gaps())).toBe(description);
  });

  it("is not misled by a clock that is slewed", () => {
    using watch = new RunnerWatch(clock);
    for (let second = 0; second < 60; second++) {
      clock.setByMs += 0.5;
      run(1_000);
    }
    expect(watch.gaps()).toEqual([]);
  });
});
