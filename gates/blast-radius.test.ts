import { describe, expect, it } from "vitest";
import { systemClock } from "../core/index.ts";
import { decisionOf } from "./blast-evidence.ts";
import { type BlastOptions, type BlastResult, probeBlastRadius } from "./blast-radius.ts";
import { startCanary } from "./testing/canary.ts";
import { startPrometheus } from "./testing/prometheus.ts";

// Enough requests and pings for a verdict within a second and a half, instead of half a minute.
const QUICK = { healthIntervalMs: 20, pingIntervalMs: 60, scrapeIntervalMs: 200, timeoutMs: 1_000 };
const never = new AbortController().signal;

function blast(url: URL, change: Partial<BlastOptions> = {}): Promise<BlastResult> {
  return probeBlastRadius({
    url,
    allowedHosts: [],
    healthPath: "/api/healthz",
    webSocketPath: "/ws/quotes",
    metricsPath: "/metrics",
    prometheus: null,
    durationMs: 1_400,
    pace: QUICK,
    clock: systemClock,
    signal: never,
    onSample: () => undefined,
    ...change,
  });
}

const verdictsOf = ({ checks }: BlastResult) =>
  Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));

describe.concurrent("a blast at a canary", () => {
  it("that is healthy is a GO, with everything measured", async () => {
    await using canary = await startCanary();
    const result = await blast(canary.url);
    expect(result.checks.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
    expect(decisionOf(result)).toBe("GO");
    expect(result.measured).toMatchObject({ requests: 70, successes: 70, cpuFraction: 0 });
    expect(result.measured.pings).toBeGreaterThanOrEqual(10);
    expect(canary.asked()).toBe(70);
  });

  it("that is slow with an idle CPU is blocked by that anomaly", async () => {
    await using canary = await startCanary({ healthDelayMs: 300 });
    const result = await blast(canary.url);
    expect(verdictsOf(result)).toMatchObject({ "success rate": "pass", "latency against CPU": "fail" });
    expect(decisionOf(result)).toBe("BLOCK");
  });

  it("that is slow and has no CPU metric is never a GO", async () => {
    await using canary = await startCanary({ healthDelayMs: 300, metrics: "none" });
    const result = await blast(canary.url);
    expect(verdictsOf(result)).toMatchObject({ "latency against CPU": "inconclusive" });
    expect(decisionOf(result)).toMatch(/^BLOCK/);
  });

  it("that is fast is a GO without metrics too: the anomaly concerns slow answers", async () => {
    await using canary = await startCanary({ metrics: "none" });
    const result = await blast(canary.url);
    expect(result.measured.cpuFraction).toBeNull();
    expect(decisionOf(result)).toBe("GO");
  });

  it("that fails every tenth request is blocked by its success rate alone", async () => {
    await using canary = await startCanary({ health: (asked) => (asked % 10 === 0 ? 500 : 200) });
    const result = await blast(canary.url);
    expect(verdictsOf(result)).toEqual({
      "success rate": "fail",
      "API latency": "pass",
      "WebSocket ping": "pass",
      "latency against CPU": "pass",
    });
  });

  it("that redirects its health check is not a success", async () => {
    await using canary = await startCanary({ health: () => 302 });
    expect((await blast(canary.url)).measured).toMatchObject({ successes: 0 });
  });

  it.each(["refuses", "is-deaf"] as const)(
    "whose WebSocket %s is blocked by the pings",
    async (webSocket) => {
      await using canary = await startCanary({ webSocket });
      const result = await blast(canary.url, { pace: { ...QUICK, timeoutMs: 250 } });
      expect(verdictsOf(result)).toMatchObject({ "success rate": "pass", "WebSocket ping": "fail" });
      expect(result.verdict).toBe("fail");
    },
  );

  it("that does not run is blocked", async () => {
    const canary = await startCanary();
    await canary[Symbol.asyncDispose]();
    const result = await blast(canary.url, { durationMs: 300 });
    expect(verdictsOf(result)).toMatchObject({ "success rate": "fail", "WebSocket ping": "fail" });
    expect(decisionOf(result)).toBe("BLOCK");
  });

  it("that accepts and never answers is blocked when the time is up", async () => {
    await using canary = await startCanary({ healthDelayMs: 60_000 });
    const result = await blast(canary.url, { durationMs: 300, pace: { ...QUICK, timeoutMs: 200 } });
    expect(result.measured.successes).toBe(0);
    expect(result.verdict).toBe("fail");
  });
});

describe("a blast that queries a Prometheus", () => {
  it("judges by the CPU and the firing triggers that it finds there", async () => {
    await using canary = await startCanary({ metrics: "none" });
    await using prometheus = await startPrometheus({
      answers: [["process_cpu_seconds_total", 0.4]],
      alerts: [{ alertname: "FeedStale", severity: "rollback", state: "firing" }],
    });
    const match = 'instance="canary"';
    const result = await blast(canary.url, { prometheus: { url: prometheus.url, match } });
    expect(result.measured.cpuFraction).toBe(0.4);
    expect(verdictsOf(result)).toMatchObject({
      "success rate": "pass",
      Prometheus: "pass",
      triggers: "fail",
    });
    expect(decisionOf(result)).toBe("BLOCK");
  });
});

describe("a blast that is interrupted", () => {
  it("is inconclusive even for a healthy canary, and ends at once", async () => {
    await using canary = await startCanary();
    const stop = new AbortController();
    let seen = 0;
    const onSample = () => {
      seen += 1;
      if (seen === 10) stop.abort();
    };
    const result = await blast(canary.url, { durationMs: 3_600_000, signal: stop.signal, onSample });
    expect(result.verdict).toBe("inconclusive");
    expect(verdictsOf(result)).toMatchObject({ duration: "inconclusive" });
    expect(decisionOf(result)).toBe("BLOCK (inconclusive: not enough was measured)");
  });

  it("before its first answer has measured nothing, and says so", async () => {
    await using canary = await startCanary();
    const result = await blast(canary.url, { signal: AbortSignal.abort() });
    expect(result.measured.requests).toBe(0);
    expect(result.verdict).toBe("inconclusive");
  });
});
