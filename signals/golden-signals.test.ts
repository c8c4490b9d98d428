import { describe, expect, it } from "vitest";
import { GOLDEN_SIGNALS } from "./golden-signals.ts";
import { Labels } from "./labels.ts";
import { askNumber, queryNumber, queryStore } from "./query-store.ts";
import { SampleStore } from "./sample-store.ts";

describe("the eight golden signals", () => {
  it("have distinct names and the limits of the deployment index", () => {
    expect(
      GOLDEN_SIGNALS.map(({ id, limit }) => [id, limit.kind, "value" in limit ? limit.value : limit.factor]),
    ).toEqual([
      ["api_latency_p95", "at-most", 0.2],
      ["http_errors", "at-most", 0.01],
      ["feed_staleness", "at-most", 30],
      ["risk_blocks", "below", 0.5],
      ["idempotency_conflicts", "at-most", 0.01],
      ["csp_violations", "at-most-times-baseline", 1.1],
      ["event_loop_lag", "at-most", 0.05],
      ["gc_pause", "at-most", 0.02],
    ]);
  });

  it.each(GOLDEN_SIGNALS)("$id has a query that parses", ({ query }) => {
    expect(queryStore(new SampleStore(null), query, 0)).toEqual({ kind: "no-data" });
  });
});

describe("querying a store", () => {
  const store = new SampleStore(null);
  const cpu = Labels.of({ __name__: "process_cpu_seconds_total", instance: "spark" });
  for (let atMs = 0; atMs <= 2_000; atMs += 250) store.append(cpu, atMs, (atMs / 1_000) * 0.4);

  it("compresses the query's times by the scale", () => {
    expect(queryNumber(store, "rate(process_cpu_seconds_total[1m])", 2_000, 60)).toBeCloseTo(0.4, 10);
  });

  it("returns one number, or undefined when there is none or more than one", () => {
    expect(queryNumber(store, "process_cpu_seconds_total > 1e9", 2_000)).toBeUndefined();
    expect(queryNumber(store, "nothing", 2_000)).toBeUndefined();
    expect(queryNumber(store, "vector(0) / 0", 2_000)).toBeUndefined();
    expect(queryNumber(store, "1 + 1", 2_000)).toBe(2);
  });

  it("distinguishes one number, with its count of samples, from none and from several", () => {
    store.append(Labels.of({ __name__: "up", job: "one" }), 2_000, 1);
    store.append(Labels.of({ __name__: "up", job: "two" }), 2_000, 1);
    const ask = (expression: string) => askNumber(store, expression, 2_000);
    expect(ask("max_over_time(process_cpu_seconds_total[1s])")).toEqual({
      ...{ kind: "number", value: 0.8, samples: 4 },
    });
    expect(ask("sum(up)")).toEqual({ kind: "number", value: 2, samples: 2 });
    expect(ask("vector(1)")).toEqual({ kind: "number", value: 1, samples: 0 });
    expect(ask("up")).toEqual({ kind: "several", series: 2 });
    expect(ask("up == 0")).toEqual({ kind: "no-data" });
  });

  it("returns the elements with their labels", () => {
    expect(queryStore(store, "process_cpu_seconds_total", 250)).toEqual({
      kind: "elements",
      elements: [{ labels: cpu.toRecord(), value: 0.1 }],
    });
  });
});
