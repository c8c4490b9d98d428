import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArrivalPlan, arrivalDurationMs, plannedStartsMs } from "./arrivals.ts";

const starts = (plan: ArrivalPlan, seed = 1) => [...plannedStartsMs(plan, seed)];
const within = (startsMs: readonly number[], fromMs: number, toMs: number) =>
  startsMs.filter((startMs) => startMs >= fromMs && startMs < toMs).length;

const rate = fc.integer({ min: 0, max: 2_000 });
const lengthMs = fc.integer({ min: 1, max: 2_000 });
const spacing = fc.constantFrom<"even" | "poisson">("even", "poisson");
const anyPlan: fc.Arbitrary<ArrivalPlan> = fc.oneof(
  fc.record({ kind: fc.constant("constant" as const), rateRps: rate, durationMs: lengthMs, spacing }),
  fc.record({
    kind: fc.constant("ramp" as const),
    fromRps: rate,
    toRps: rate,
    durationMs: lengthMs,
    spacing,
  }),
  fc.record({
    kind: fc.constant("spike" as const),
    baseRps: rate,
    peakRps: rate,
    beforeMs: lengthMs,
    peakMs: lengthMs,
    afterMs: lengthMs,
    spacing,
  }),
);

describe("planned starts", () => {
  it("are at equal distances for a constant rate", () => {
    const startsMs = starts({ kind: "constant", rateRps: 500, durationMs: 6_000, spacing: "even" });
    expect(startsMs).toHaveLength(3_000);
    startsMs.forEach((startMs, index) => {
      expect(startMs).toBeCloseTo(index * 2, 6);
    });
  });

  it("follow a ramp: the n-th start is where the integral of the rate reaches n", () => {
    const plan: ArrivalPlan = { kind: "ramp", fromRps: 0, toRps: 200, durationMs: 10_000, spacing: "even" };
    const startsMs = starts(plan);
    expect(startsMs).toHaveLength(1_000);
    startsMs.forEach((startMs, index) => {
      expect(((startMs / 1_000) ** 2 * 20) / 2).toBeCloseTo(index, 6);
    });
  });

  it("ramp down to zero as well", () => {
    expect(starts({ kind: "ramp", fromRps: 200, toRps: 0, durationMs: 1_000, spacing: "even" })).toHaveLength(
      100,
    );
  });

  it("have the base rate around a spike and the peak rate within it", () => {
    const spike = {
      kind: "spike",
      baseRps: 10,
      peakRps: 1_000,
      beforeMs: 1_000,
      peakMs: 500,
      afterMs: 1_000,
    } as const;
    const startsMs = starts({ ...spike, spacing: "even" });
    expect([
      within(startsMs, 0, 1_000),
      within(startsMs, 1_000, 1_500),
      within(startsMs, 1_500, 2_500),
    ]).toEqual([10, 500, 10]);
  });

  it("draw Poisson arrivals at the planned rate: as many as planned within five standard deviations", () => {
    const plan: ArrivalPlan = { kind: "constant", rateRps: 1_000, durationMs: 20_000, spacing: "poisson" };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(Math.abs(starts(plan, seed).length - 20_000)).toBeLessThan(5 * Math.sqrt(20_000));
      }),
      { numRuns: 10 },
    );
  });

  it("draw Poisson gaps whose standard deviation is their mean", () => {
    const startsMs = starts({ kind: "constant", rateRps: 1_000, durationMs: 20_000, spacing: "poisson" }, 5);
    const gapsMs = startsMs.slice(1).map((startMs, index) => startMs - (startsMs[index] ?? 0));
    const mean = gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length;
    const variance = gapsMs.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gapsMs.length;
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.95);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.05);
  });

  it("ascend, stay within the plan's duration and are the same for the same seed", () => {
    fc.assert(
      fc.property(anyPlan, fc.integer(), (plan, seed) => {
        const startsMs = starts(plan, seed);
        startsMs.forEach((startMs, index) => {
          expect(startMs).toBeGreaterThanOrEqual(startsMs[index - 1] ?? 0);
          expect(startMs).toBeLessThan(arrivalDurationMs(plan));
        });
        expect(starts(plan, seed)).toEqual(startsMs);
      }),
      { numRuns: 50 },
    );
  });
});
