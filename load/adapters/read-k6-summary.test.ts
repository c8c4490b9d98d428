import { describe, expect, it } from "vitest";
import { readK6Summary } from "./read-k6-summary.ts";

const trend = { count: 3, "p(50)": 5, "p(90)": 8, "p(95)": 9, "p(99)": 10, "p(99.9)": 10, max: 11 };
const nothing = { ...trend, count: 0, "p(50)": 0, max: 0 };
const summary = {
  state: { testRunDurationMs: 3_000 },
  metrics: {
    kanit_succeeded: { type: "counter", values: { count: 2, rate: 1 } },
    kanit_unknown: { type: "counter", values: { count: 1, rate: 1 } },
    dropped_iterations: { type: "counter", values: { count: 4, rate: 1 } },
    "http_req_duration{measured:yes}": { type: "trend", values: trend },
    "http_req_duration{kind:place}": { type: "trend", values: trend },
    "http_req_duration{kind:cancel}": { type: "trend", values: nothing },
  },
};

describe("k6's summary", () => {
  it("is converted to the generator's own report", () => {
    expect(readK6Summary(summary)).toMatchObject({
      tool: "k6",
      durationMs: 3_000,
      operations: 7,
      outcomes: { succeeded: 2, rejected: 0, failed: 0, unknown: 1, dropped: 4 },
      errorRatio: 1 / 3,
      latencyMs: { p50: 5, p90: 8, p95: 9, p99: 10, p999: 10, max: 11 },
      latencyFrom: "actual start",
    });
  });

  it("omits kinds without operations: k6's zero is not a latency", () => {
    expect(readK6Summary(summary).kinds.map(({ kind }) => kind)).toEqual(["place"]);
  });

  it("is unsound when iterations were dropped", () => {
    expect(readK6Summary(summary).unsound).toEqual([expect.stringContaining("dropped 4")]);
  });

  it("has no latencies when nothing was sent", () => {
    const empty = readK6Summary({ state: summary.state, metrics: {} });
    expect(empty).toMatchObject({ operations: 0, errorRatio: null, latencyMs: { p50: null, max: null } });
  });

  it.each([null, {}, { metrics: {} }, "summary"])("is refused when it is invalid: %j", (json) => {
    expect(() => readK6Summary(json)).toThrow("Expected k6's summary");
  });
});
