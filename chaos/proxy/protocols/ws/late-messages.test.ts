import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Clock, systemClock } from "../../../../core/index.ts";
import { LateMessages, type Lateness } from "./late-messages.ts";
import { SliceJoiner } from "./slice-joiner.ts";

/** The clock of the test's fake timers. */
const clock: Clock = { ...systemClock, nowMs: () => Date.now(), monotonicMs: () => Date.now() };

/** Delayed messages, and what has been passed on so far. */
function start(initial: Lateness) {
  const gone: string[] = [];
  let lateness = initial;
  const late = new LateMessages(clock, new SliceJoiner((item) => gone.push(item.toString())), () => lateness);
  const change = (to: Lateness) => {
    lateness = to;
    late.reschedule();
  };
  return { late, gone, change };
}

describe("late messages", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("overtake one another by their drawn delays", () => {
    const { late, gone } = start({ delayMs: 100, jitterMs: 50, order: "overtake" });
    late.addLate([Buffer.from("slow")], 1);
    late.addLate([Buffer.from("fast")], -1);
    vi.advanceTimersByTime(49);
    expect(gone).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(gone).toEqual(["fast"]);
    vi.advanceTimersByTime(100);
    expect(gone).toEqual(["fast", "slow"]);
    expect(late.heldBytes).toBe(0);
  });

  it("wait for one another when the order is kept, and later entries wait too", () => {
    const { late, gone } = start({ delayMs: 100, jitterMs: 50, order: "keep" });
    late.addLate([Buffer.from("slow")], 1);
    late.addLate([Buffer.from("fast")], -1);
    late.addBehind([Buffer.from("in time")]);
    vi.advanceTimersByTime(149);
    expect(gone).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(gone).toEqual(["slow", "fast", "in time"]);
  });

  it.each(["keep", "overtake"] as const)("are all passed before the connection's end (%s)", (order) => {
    const { late, gone } = start({ delayMs: 100, jitterMs: 0, order });
    late.addLate([Buffer.from("1")], 0);
    vi.advanceTimersByTime(50);
    late.addLate([Buffer.from("2")], 0);
    late.addLast(Buffer.from("close frame"));
    late.addLast("end");
    vi.advanceTimersByTime(99);
    expect(gone).toEqual(["1"]);
    vi.advanceTimersByTime(1);
    expect(gone).toEqual(["1", "2", "close frame", "end"]);
  });

  it.each(["keep", "overtake"] as const)("apply a changed delay while they wait (%s)", (order) => {
    const { late, gone, change } = start({ delayMs: 3_600_000, jitterMs: 0, order });
    late.addLate([Buffer.from("1")], 0);
    vi.advanceTimersByTime(500);
    change({ delayMs: 600, jitterMs: 0, order });
    vi.advanceTimersByTime(99);
    expect(gone).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(gone).toEqual(["1"]);
  });

  it("leave no timer when they are dropped", () => {
    const { late, gone } = start({ delayMs: 10, jitterMs: 0, order: "overtake" });
    late.addLate([Buffer.from("1")], 0);
    late.discard();
    expect(vi.getTimerCount()).toBe(0);
    expect({ gone, heldBytes: late.heldBytes }).toEqual({ gone: [], heldBytes: 0 });
  });
});
