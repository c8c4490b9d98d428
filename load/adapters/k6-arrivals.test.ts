import { describe, expect, it } from "vitest";
import { k6Arrivals } from "./k6-arrivals.ts";

const even = { spacing: "even" } as const;

describe("arrivals for k6", () => {
  it("keep a constant rate, fractions included, in k6's whole numbers", () => {
    expect(k6Arrivals({ kind: "constant", rateRps: 12.5, durationMs: 2_000, ...even })).toMatchObject({
      executor: "constant-arrival-rate",
      rate: 12_500,
      timeUnit: "1000s",
      duration: "2000ms",
    });
  });

  it("jump to a spike's peak and back without a ramp", () => {
    const spike = {
      kind: "spike",
      baseRps: 10,
      peakRps: 100,
      beforeMs: 500,
      peakMs: 200,
      afterMs: 300,
    } as const;
    expect(k6Arrivals({ ...spike, ...even })).toMatchObject({
      executor: "ramping-arrival-rate",
      startRate: 10_000,
      stages: [
        { target: 10_000, duration: "500ms" },
        { target: 100_000, duration: "0ms" },
        { target: 100_000, duration: "200ms" },
        { target: 10_000, duration: "0ms" },
        { target: 10_000, duration: "300ms" },
      ],
    });
  });

  it("follow recorded rates from point to point", () => {
    const points = [
      { atMs: 0, rateRps: 1 },
      { atMs: 100, rateRps: 2 },
      { atMs: 100, rateRps: 9 },
      { atMs: 400, rateRps: 4 },
    ];
    expect(k6Arrivals({ kind: "rates", points, ...even })).toMatchObject({
      startRate: 1_000,
      stages: [
        { target: 2_000, duration: "100ms" },
        { target: 9_000, duration: "0ms" },
        { target: 4_000, duration: "300ms" },
      ],
    });
  });

  it("create virtual users before the start for the highest rate", () => {
    const ramp = k6Arrivals({ kind: "ramp", fromRps: 10, toRps: 400, durationMs: 1_000, ...even });
    expect(ramp.preAllocatedVUs).toBe(200);
    expect(ramp.maxVUs).toBeGreaterThan(200);
  });

  it.each([
    ["single recorded starts", { kind: "starts", startsMs: [1], durationMs: 2 }],
    ["Poisson", { kind: "constant", rateRps: 1, durationMs: 1, spacing: "poisson" }],
  ] as const)("are refused when k6 does not support them: %s", (words, plan) => {
    expect(() => k6Arrivals(plan)).toThrow(words);
  });
});
