import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../core/index.ts";
import { cspPerMinute } from "./csp-baseline.ts";
import { readGoldenSignals } from "./read-golden-signals.ts";
import { startAnsweringPrometheus } from "./testing/answering-prometheus.ts";

/** What a Prometheus answers to a query: the values of its series, as Prometheus writes them. */
type Values = readonly string[];

interface Told {
  /** By a part of the query; all others have one series with the value 0. */
  readonly values?: Readonly<Record<string, Values>>;
  readonly warnings?: readonly string[];
  readonly requests?: number;
  readonly cspBaselinePerMinute?: number | null;
}

/** Reads the golden signals from a Prometheus that answers so, and returns the reading of each by its id. */
async function readingOf({ values = {}, warnings = [], requests = 1_000, ...more }: Told) {
  const server = await startAnsweringPrometheus(
    (query) =>
      Object.entries(values).find(([part]) => query.includes(part))?.[1] ?? [
        query.startsWith("sum(increase(") ? String(requests) : "0",
      ],
    warnings,
  );
  onTestFinished(() => server[Symbol.asyncDispose]());
  return readAt(server.url, more.cspBaselinePerMinute ?? 0);
}

async function readAt(prometheus: string, cspBaselinePerMinute: number | null) {
  const { signals } = await readGoldenSignals({
    ...{ prometheus, allowedHosts: [], window: "5m", cspBaselinePerMinute },
    ...{ leastRequests: 299, patienceMs: 0, clock: systemClock, signal: new AbortController().signal },
  });
  return Object.fromEntries(
    signals.map(({ signal, standing, value, why }) => [signal.id, { standing, value, why }]),
  );
}

const P95 = "histogram_quantile(0.95, sum by (le) (rate(http_request";

describe("the reading of a golden signal", () => {
  it("is within its limit where it has one number that keeps it", async () => {
    const reading = await readingOf({ values: { [P95]: ["0.2"] } });
    expect(Object.values(reading).map(({ standing }) => standing)).toEqual(Array(8).fill("within"));
    expect(reading.api_latency_p95).toEqual({ standing: "within", value: 0.2, why: "" });
  });

  it.each<[string, Values, string]>([
    ["no series", [], "no data"],
    ["NaN", ["NaN"], "no data"],
    ["two series", ["0.1", "0.1"], "2 series in place of one"],
    ["a negative latency", ["-1"], "expected"],
    ["an infinite latency", ["+Inf"], "expected"],
  ])("of %s is unknown, and says so", async (_, values, why) => {
    const { api_latency_p95: reading } = await readingOf({ values: { [P95]: values } });
    expect(reading?.standing).toBe("unknown");
    expect(reading?.why).toContain(why);
  });

  it("is over its limit, however few the requests", async () => {
    const { api_latency_p95: reading } = await readingOf({ values: { [P95]: ["0.21"] }, requests: 3 });
    expect(reading?.standing).toBe("over");
  });

  it("of few requests says nothing about latency and errors", async () => {
    const reading = await readingOf({ requests: 298 });
    expect([reading.api_latency_p95?.standing, reading.http_errors?.standing]).toEqual([
      "unknown",
      "unknown",
    ]);
    expect(reading.http_errors?.why).toBe("too few requests: 298, at least 299 are needed");
    expect(reading.feed_staleness?.standing).toBe("within");
  });

  it("is in doubt where the source warns, unless it is over its limit", async () => {
    const reading = await readingOf({ values: { [P95]: ["0.3"] }, warnings: ["a store did not answer"] });
    expect(reading.api_latency_p95?.standing).toBe("over");
    expect(reading.feed_staleness?.why).toBe("Prometheus warns: a store did not answer");
  });

  it("is unknown where nothing answers", async () => {
    const reading = await readAt("http://127.0.0.1:9", 0);
    expect(Object.values(reading).map(({ standing }) => standing)).toEqual(Array(8).fill("unknown"));
  });
});

describe("CSP violations", () => {
  it("without a baseline are neither within nor over", async () => {
    const server = await startAnsweringPrometheus(() => ["0"]);
    onTestFinished(() => server[Symbol.asyncDispose]());
    const { csp_violations: reading } = await readAt(server.url, null);
    expect(reading).toEqual({
      ...{ standing: "unknown", value: 0 },
      why: "the baseline before the release is not known",
    });
  });

  it("before the release are counted over the life of the process", () => {
    const page =
      'process_start_time_seconds 60\ncsp_violations_total{directive="a"} 3\ncsp_violations_total{directive="b"} 1\n';
    expect(cspPerMinute(page, 180_000)).toBe(2);
    expect(cspPerMinute("csp_violations_total 3\n", 180_000)).toBeNull();
    expect(cspPerMinute(page, 60_000)).toBeNull();
  });
});
