import { describe, expect, it } from "vitest";
import { runArrivalLoop } from "./arrival-loop.ts";

/** A loop with a clock and an alarm that the test controls. */
function startLoop(plannedStartsMs: readonly number[]) {
  let nowMs = 0;
  let alarm: { readonly atMs: number; readonly wake: () => void } | undefined;
  const started: { readonly plannedAtMs: number; readonly atMs: number }[] = [];
  let ends = 0;
  const loop = runArrivalLoop({
    plannedStartsMs: plannedStartsMs.values(),
    nowMs: () => nowMs,
    alarm: {
      set: (waitMs, wake) => {
        alarm = { atMs: nowMs + waitMs, wake };
      },
      clear: () => {
        alarm = undefined;
      },
    },
    start: (plannedAtMs) => started.push({ plannedAtMs, atMs: nowMs }),
    ended: () => {
      ends += 1;
    },
  });
  return {
    loop,
    started,
    ends: () => ends,
    /** Advances the clock to the time of the alarm plus `lateMs`, and triggers it. */
    ring: (lateMs = 0) => {
      const ringing = alarm;
      if (ringing === undefined) throw new RangeError("Expected an alarm to be set.");
      nowMs = ringing.atMs + lateMs;
      ringing.wake();
    },
    alarmed: () => alarm !== undefined,
  };
}

describe("the arrival loop", () => {
  it("starts each operation at its planned time, and ends after the last", () => {
    const { started, ring, ends, alarmed } = startLoop([0, 2, 5]);
    ring();
    expect(ends()).toBe(0);
    ring();
    expect(started).toEqual([0, 2, 5].map((plannedAtMs) => ({ plannedAtMs, atMs: plannedAtMs })));
    expect(ends()).toBe(1);
    expect(alarmed()).toBe(false);
  });

  it("when woken late, starts everything overdue at once, each with its own planned time", () => {
    const { started, ring } = startLoop([1, 2, 3, 50]);
    ring(30);
    expect(started).toEqual([1, 2, 3].map((plannedAtMs) => ({ plannedAtMs, atMs: 31 })));
  });

  it("catches up in bursts of 64, between which answers are read", async () => {
    const { started, ring, ends } = startLoop(Array.from({ length: 100 }, (_, index) => 1 + index / 1_000));
    ring(10);
    expect(started).toHaveLength(64);
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toHaveLength(100);
    expect(ends()).toBe(1);
  });

  it("starts nothing once it was stopped, and reports once that it ended", () => {
    const { loop, started, ends, alarmed } = startLoop([0, 2]);
    loop.stop();
    loop.stop();
    loop.pump();
    expect(started).toHaveLength(1);
    expect(alarmed()).toBe(false);
    expect(ends()).toBe(1);
  });

  it("ends at once when nothing is planned", () => {
    expect(startLoop([]).ends()).toBe(1);
  });
});
