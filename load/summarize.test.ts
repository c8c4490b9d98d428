import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "./latency-histogram.ts";
import { type Operation, OUTCOMES, type Outcome } from "./operation.ts";
import { mergeSummaries, summarize } from "./summarize.ts";

function operation(plannedAtMs: number, latencyMs: number, outcome: Outcome = "succeeded"): Operation {
  return {
    id: 1,
    kind: "request",
    plannedAtMs,
    startedAtMs: plannedAtMs,
    endedAtMs: plannedAtMs + latencyMs,
    outcome,
    httpStatus: null,
    error: null,
    attempt: 1,
    attemptOf: null,
    idempotencyKey: null,
    orderId: null,
    clientOrderId: null,
    orderStatus: null,
    executedQuantity: null,
    request: { method: "GET", path: "/", order: null },
  };
}

const anyOperation = fc
  .record({
    plannedAtMs: fc.integer({ min: 0, max: 60_000 }),
    latencyMs: fc.double({ min: 0, max: 30_000, noNaN: true }),
    outcome: fc.constantFrom(...OUTCOMES),
  })
  .map(({ plannedAtMs, latencyMs, outcome }) => operation(plannedAtMs, latencyMs, outcome));

describe("a summary of operations", () => {
  it("measures within 0.1 % of the exact percentiles, or a microsecond", () => {
    const latencies = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(latencies, (latenciesMs) => {
        const { latencyMs } = summarize(latenciesMs.map((each) => operation(0, each)));
        const sorted = latenciesMs.toSorted((a, b) => a - b);
        for (const [percentile, measured] of [
          [50, latencyMs.p50],
          [99, latencyMs.p99],
          [100, latencyMs.max],
        ] as const) {
          const exact = sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? Number.NaN;
          expect(Math.abs((measured ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * 0.001 + 0.001);
        }
      }),
    );
  });

  it("selects its window by the planned start, however late an operation ended", () => {
    const operations = [
      operation(999, 10),
      operation(1_000, 5_000),
      operation(1_999, 20),
      operation(2_000, 30),
    ];
    const { operations: count, latencyMs } = summarize(operations, 1_000, 2_000);
    expect(count).toBe(2);
    expect(latencyMs.max).toBeCloseTo(5_000, -1);
  });

  it("counts timeouts with their full time, and neither time nor error for what was never sent", () => {
    const operations = [
      operation(0, 5_000, "unknown"),
      operation(0, 1, "rejected"),
      operation(0, 0, "dropped"),
    ];
    const summary = summarize(operations);
    expect(summary.errorRatio).toBe(0.5);
    expect(summary.latencyMs.max).toBeCloseTo(5_000, -1);
    expect(LatencyHistogram.decode(summary.latencyHistogram).count).toBe(2);
  });

  it("has no latency and no ratio without operations", () => {
    expect(summarize([])).toMatchObject({
      operations: 0,
      errorRatio: null,
      latencyMs: { p50: null, max: null },
    });
  });

  it("merges as if all operations had been one list", () => {
    fc.assert(
      fc.property(fc.array(anyOperation), fc.array(anyOperation), (first, second) => {
        const merged = mergeSummaries([summarize(first), summarize(second)]);
        const { latencyHistogram: _merged, ...numbers } = merged;
        const { latencyHistogram: _whole, ...expected } = summarize([...first, ...second]);
        expect(numbers).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
