import { describe, expect, it } from "vitest";
import { steadyClockFrom, systemClock } from "./clock.ts";

describe("sleeping", () => {
  it("ends with the signal's own reason when it is aborted, by which an interruption is known", async () => {
    const controller = new AbortController();
    const reason = new Error("Interrupted by SIGINT.");
    const slept = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(slept).rejects.toBe(reason);
  });

  it("does not begin when the signal is aborted already", async () => {
    const reason = new Error("Interrupted before.");
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("a steady clock", () => {
  it("begins with the time of day when it is made, and counts monotonically from there", () => {
    let [nowMs, monotonicMs] = [1_000_000, 500];
    const machine = { ...systemClock, nowMs: () => nowMs, monotonicMs: () => monotonicMs };
    // The machine's clock was set by half a minute before.
    nowMs += 30_000;
    const clock = steadyClockFrom(machine);
    expect(clock.nowMs()).toBe(1_030_000);
    monotonicMs += 20;
    nowMs += 20 - 3_600_000;
    expect(clock.nowMs()).toBe(1_030_020);
  });
});
