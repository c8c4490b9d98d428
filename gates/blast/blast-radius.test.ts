import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../signals/index.ts";
import { blastLines, decisionOf } from "./blast-evidence.ts";
import { type BlastOptions, type BlastResult, probeBlastRadius, unwatchedMachine } from "./blast-radius.ts";
import { endlessPage, startCanary } from "./testing/canary.ts";
import { loadedRule, startPrometheus } from "./testing/prometheus.ts";

// Enough requests and pings for a verdict within a second and a half, instead of half a minute.
const QUICK = { healthIntervalMs: 20, pingIntervalMs: 60, scrapeIntervalMs: 200, timeoutMs: 1_000 };
const PAGE = { kind: "page", path: "/metrics", requestsMetric: "http_requests_total" } as const;
const never = new AbortController().signal;

function blast(url: URL, change: Partial<BlastOptions> = {}): Promise<BlastResult> {
  return probeBlastRadius({
    url,
    allowedHosts: [],
    healthPath: "/api/healthz",
    webSocketPath: "/ws/quotes",
    metrics: PAGE,
    durationMs: 1_400,
    pace: QUICK,
    clock: systemClock,
    signal: never,
    onSample: () => undefined,
    watchMachine: unwatchedMachine,
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
    await using canary = await startCanary({ healthDelayMs: 300, page: null });
    const result = await blast(canary.url, { metrics: { kind: "none" } });
    expect(verdictsOf(result)).toMatchObject({ "latency against CPU": "inconclusive" });
    expect(decisionOf(result)).toMatch(/^BLOCK/);
  });

  it("that is fast and has no metrics is a GO only when the user asked for a decision without them", async () => {
    await using canary = await startCanary({ page: null });
    const without = await blast(canary.url, { metrics: { kind: "none" } });
    expect(without.measured.cpuFraction).toBeNull();
    expect(decisionOf(without)).toBe("GO");
    const result = await blast(canary.url);
    expect(decisionOf(result)).toBe("BLOCK (inconclusive: not enough was measured)");
    expect(blastLines(result)).toContainEqual(
      expect.stringMatching(
        /^inconclusive metrics .* scrapes failed, the last one with: .*\/metrics, got 404/,
      ),
    );
  });

  it("that fails every tenth request is blocked by its success rate alone", async () => {
    await using canary = await startCanary({ health: (asked) => (asked % 10 === 0 ? 500 : 200) });
    const result = await blast(canary.url);
    expect(verdictsOf(result)).toEqual({
      "success rate": "fail",
      "API latency": "pass",
      "WebSocket ping": "pass",
      "latency against CPU": "pass",
      metrics: "pass",
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

// Not concurrent with the others, since it keeps the machine busy.
describe("a blast at a canary", () => {
  it.each(["/metrics", "/api/healthz"] as const)(
    "whose %s never ends is no GO, and takes little memory",
    async (path) => {
      await using canary = await startCanary({ takesOver: { path, answer: endlessPage } });
      const before = process.memoryUsage().rss;
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss);
      }, 20);
      const result = await blast(canary.url, { pace: { ...QUICK, healthIntervalMs: 100, timeoutMs: 1_000 } });
      clearInterval(watch);
      expect(decisionOf(result)).toMatch(/^BLOCK/);
      expect(blastLines(result).join("\n")).toMatch(/more than 16777216 bytes|success rate +0 % of/);
      expect((most - before) / 1e6).toBeLessThan(700);
    },
  );
});

describe("a blast that queries a Prometheus", () => {
  it("judges by the CPU and the firing triggers that it finds there", async () => {
    await using canary = await startCanary({ page: null });
    const rules = alertsOf(await loadRuleFiles(ALL_RULE_FILES));
    const loaded = rules.map((rule) => loadedRule(rule, Date.now()));
    const asking = (url: string) =>
      blast(canary.url, { metrics: { ...PAGE, kind: "prometheus", url, match: 'instance="canary"', rules } });
    await using prometheus = await startPrometheus({ rules: loaded });
    const result = await asking(prometheus.url);
    expect(result.measured.cpuFraction).toBe(0.4);
    expect(decisionOf(result)).toBe("GO");

    const alerts = [{ alertname: "FeedStale", severity: "rollback", state: "firing" }];
    await using loud = await startPrometheus({ rules: loaded, alerts });
    const blocked = await asking(loud.url);
    expect(verdictsOf(blocked)).toMatchObject({ Prometheus: "pass", triggers: "fail" });
    expect(decisionOf(blocked)).toBe("BLOCK");
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
