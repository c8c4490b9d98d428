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
    using watch = new RunnerWatch(clock, { stopReading: null });
    run(5_000);
    clock.passedMs += 700;
    run(1_000);
    expect(watch.gaps()).toEqual([]);
    expect(describeGaps(watch.gaps())).toBeNull();
  });

  it("reports that it was stopped, and for how long", () => {
    using watch = new RunnerWatch(clock, { stopReading: null });
    run(1_000);
    clock.passedMs += 8_000;
    run(1_000);
    expect(watch.gaps()).toEqual([{ kind: "stood-still", durationMs: 8_000 }]);
    expect(describeGaps(watch.gaps())).toBe("the runner itself did not run for 8.0 s");
  });

  it("reports a gap that has just ended, before its timer fires", () => {
    using watch = new RunnerWatch(clock, { stopReading: null });
    clock.passedMs += 3_100;
    expect(watch.gaps()).toEqual([{ kind: "stood-still", durationMs: 3_000 }]);
  });

  it.each([
    [-3_600_000, "its clock was set back by 3600.0 s"],
    [3_600_000, "its clock was set forward by 3600.0 s"],
  ])("reports that its clock was set by %i ms", (byMs, description) => {
    using watch = new RunnerWatch(clock, { stopReading: null });
    run(1_000);
    clock.setByMs = byMs;
    run(1_000);
    expect(watch.gaps()).toEqual([{ kind: "clock-stepped", byMs }]);
    expect(describeGaps(watch.gaps())).toBe(description);
  });

  it("is not misled by a clock that is slewed", () => {
    using watch = new RunnerWatch(clock, { stopReading: null });
    for (let second = 0; second < 60; second++) {
      clock.setByMs += 0.5;
      run(1_000);
    }
    expect(watch.gaps()).toEqual([]);
  });

  it("reports a process of the lab that somebody stopped for some time, and no moment's stop", async () => {
    let stopped: readonly string[] = [];
    using watch = new RunnerWatch(clock, { stopReading: { readStopped: async () => stopped } });
    const runFor = async (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        run(1_000);
        await vi.advanceTimersByTimeAsync(0);
      }
    };
    await runFor(2);
    stopped = ["proxy"];
    await runFor(1);
    stopped = [];
    await runFor(2);
    expect(watch.gaps()).toEqual([]);
    stopped = ["postgres"];
    await runFor(5);
    expect(watch.gaps()).toEqual([{ kind: "process-stopped", process: "postgres", durationMs: 4_000 }]);
    stopped = [];
    await runFor(2);
    expect(describeGaps(watch.gaps())).toBe("somebody stopped the lab's process postgres for at least 4.0 s");
  });
});
