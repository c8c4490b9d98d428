import { describe, expect, it } from "vitest";
import { lagsMs, percentile } from "./schedule.ts";

describe("the schedule of a constant rate", () => {
  it("finds no lateness in evenly spaced requests, whenever they began", () => {
    const arrivedAtMs = Float64Array.from({ length: 100 }, (_, index) => 1_234 + index * 2);
    expect(percentile(lagsMs(arrivedAtMs, 500), 100)).toBeCloseTo(0, 6);
  });

  it("finds a request late that comes after its time, however early the others were", () => {
    const arrivedAtMs = Float64Array.from({ length: 100 }, (_, index) => index * 2 + (index === 50 ? 7 : 0));
    expect(lagsMs(arrivedAtMs, 500)[50]).toBeCloseTo(7, 6);
    expect(percentile(lagsMs(arrivedAtMs, 500), 50)).toBeCloseTo(0, 6);
  });

  it("finds growing lateness at a slower rate than planned", () => {
    const arrivedAtMs = Float64Array.from({ length: 100 }, (_, index) => index * 3);
    expect(percentile(lagsMs(arrivedAtMs, 500), 100)).toBeCloseTo(99, 6);
  });
});
