import { describe, expect, it } from "vitest";
import { systemClock } from "../core/index.ts";
import { DelayLine } from "./delay-line.ts";
import { eventually } from "./testing/eventually.ts";

describe("a delay line", () => {
  it("passes a value on at once when it has no delay and nothing is ahead of it", () => {
    const passed: string[] = [];
    new DelayLine<string>(systemClock, (value) => passed.push(value)).put("now", 0);
    expect(passed).toEqual(["now"]);
  });

  it("keeps the order, whatever the delays", async () => {
    const passed: string[] = [];
    const line = new DelayLine<string>(systemClock, (value) => passed.push(value));
    line.put("slow", 60);
    line.put("fast", 5);
    line.put("at once", 0);
    expect(passed).toEqual([]);
    await eventually(() => passed).toEqual(["slow", "fast", "at once"]);
    line.put("later", 0);
    expect(passed.at(-1)).toBe("later");
  });

  it("holds a value for its delay", async () => {
    const startMs = systemClock.monotonicMs();
    const passedMs = await new Promise<number>((resolve) => {
      new DelayLine<number>(systemClock, () => resolve(systemClock.monotonicMs())).put(1, 30);
    });
    expect(passedMs - startMs).toBeGreaterThanOrEqual(30);
  });
});
