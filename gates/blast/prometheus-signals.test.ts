import { describe, expect, it } from "vitest";
import { mergeVerdicts, systemClock } from "../../core/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../signals/index.ts";
import type { BlastMetrics } from "./blast-signals.ts";
import { prometheusSignals } from "./prometheus-signals.ts";
import {
  type LoadedRule,
  loadedRule,
  type PrometheusBehavior,
  type Question,
  startPrometheus,
} from "./testing/prometheus.ts";

const RULES = alertsOf(await loadRuleFiles(ALL_RULE_FILES));
const NOW_MS = Date.UTC(2025, 5, 1, 12);
const LOADED = RULES.map((rule) => loadedRule(rule, NOW_MS));
/** Time stands still, so that what is told of it is exact. */
const clock = { ...systemClock, nowMs: () => NOW_MS };
const never = new AbortController().signal;

async function askOf(url: string, signal = never): Promise<BlastMetrics> {
  const match = 'instance="canary"';
  const source = {
    url,
    path: "/prom",
    allowedHosts: [],
    match,
    requestsMetric: "http_requests_total",
    rules: RULES,
  };
  const signals = prometheusSignals({ ...source, timeoutMs: 5_000, clock, signal });
  return signals.ask({ startedAtMs: NOW_MS - 30_000, lengthMs: 30_000, answered: 300 });
}

async function ask(behavior: PrometheusBehavior): Promise<BlastMetrics> {
  await using prometheus = await startPrometheus({ rules: LOADED, nowMs: NOW_MS, ...behavior });
  return await askOf(prometheus.url);
}

const verdictOf = ({ checks }: BlastMetrics) => mergeVerdicts(checks.map(({ verdict }) => verdict));
const linesOf = ({ checks }: BlastMetrics) =>
  checks.filter(({ verdict }) => verdict !== "pass").map(({ name, received }) => `${name}: ${received}`);

/** The rules as loaded, some of them changed. */
const changed = (change: Partial<LoadedRule>, ...names: readonly string[]): PrometheusBehavior => ({
  rules: LOADED.map((rule) => (names.includes(rule.name) ? { ...rule, ...change } : rule)),
});
const answering = (question: Question, ...values: readonly string[]): PrometheusBehavior => ({
  answers: { [question]: values },
});
const clockOf = (nowMs: number): PrometheusBehavior => ({
  nowMs,
  rules: RULES.map((rule) => loadedRule(rule, nowMs)),
});
const secondsAgo = (seconds: number) => String(NOW_MS / 1_000 - seconds);

describe("what a blast asks of a Prometheus", () => {
  it("is about the canary alone, over a window that holds two scrapes", async () => {
    const { cpuFraction, answers, checks } = await ask({});
    expect(cpuFraction).toBe(0.4);
    expect(answers[0]).toEqual({
      question: 'sum(rate(process_cpu_seconds_total{instance="canary"}[60s]))',
      value: 0.4,
    });
    expect(answers.every(({ question }) => question.includes('instance="canary"'))).toBe(true);
    expect(answers.at(-2)?.question).toContain('{instance="canary",route!="/prom"}');
    expect(answers.at(-1)?.question).toBe(
      'sum(rate(http_requests_total{instance="canary",status=~"5.."}[60s])) / ' +
        'sum(rate(http_requests_total{instance="canary"}[60s]))',
    );
    expect(checks.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "Prometheus pass",
      "triggers pass",
    ]);
  });

  it("may find no 5xx and no durations: they are for the evidence", async () => {
    expect(verdictOf(await ask({ answers: { errors: [], p95: [] } }))).toBe("pass");
  });
});

describe("the triggers of a Prometheus", () => {
  it("fail the blast when one of them fires, and not when it is pending or of another severity", async () => {
    const alert = (severity: string, state: string) => ({ alertname: "FeedStale", severity, state });
    const calm = [alert("ticket", "firing"), alert("rollback", "pending")];
    expect(verdictOf(await ask({ alerts: calm }))).toBe("pass");
    const loud = await ask({ alerts: [...calm, alert("rollback", "firing")], rules: [] });
    expect(verdictOf(loud)).toBe("fail");
    expect(linesOf(loud)).toEqual(["triggers: FeedStale"]);
  });

  it("are missed where no rule is loaded at all, each by its name", async () => {
    const [line = ""] = linesOf(await ask({ rules: [] }));
    expect(line).toMatch(/^triggers: not loaded: ApiLatencyP95High, HttpErrorRateHigh, FeedStale, /);
    expect(line.split(", ")).toHaveLength(20);
  });

  it.each<[string, PrometheusBehavior, string]>([
    ["one is missing", { rules: LOADED.filter(({ name }) => name !== "FeedStale") }, "not loaded: FeedStale"],
    [
      "one has another threshold",
      changed({ query: "feed_staleness_seconds > 1200" }, "FeedStale"),
      "loaded with another expression: FeedStale",
    ],
    ["one waits longer", changed({ duration: 1_800 }, "FeedStale"), "loaded with another `for`: FeedStale"],
    [
      "one would not roll back",
      changed({ labels: { severity: "ticket" } }, "FeedStale"),
      "loaded with another severity than rollback: FeedStale",
    ],
    [
      "some fail",
      changed({ health: "err", lastError: "many-to-many matching" }, "FeedStale", "PgBouncerSaturated"),
      "failing (many-to-many matching): FeedStale, PgBouncerSaturated",
    ],
    ["one was never evaluated", changed({ health: "unknown" }, "FeedStale"), "never evaluated: FeedStale"],
    [
      "the group stands still",
      changed({ lastEvaluation: new Date(NOW_MS - 600_000).toISOString() }, "FeedStale"),
      "not evaluated for 10 min: FeedStale",
    ],
    [
      "one has no data",
      { alerts: [{ alertname: "FeedStaleAbsent", severity: "ticket", state: "firing" }] },
      "without data, according to these alerts: FeedStaleAbsent",
    ],
  ])("prove nothing where %s", async (_what, behavior, line) => {
    const metrics = await ask(behavior);
    expect(verdictOf(metrics)).toBe("inconclusive");
    expect(linesOf(metrics)).toEqual([`triggers: ${line}`]);
  });

  it("may stand twice under one name, when one of the two is right", async () => {
    const other = { ...LOADED[0], query: "vector(0) > 1" } as LoadedRule;
    expect(verdictOf(await ask({ rules: [other, ...LOADED] }))).toBe("pass");
  });
});

describe("a Prometheus whose numbers are no evidence", () => {
  it.each<[string, PrometheusBehavior, string]>([
    ["an endless CPU", answering("cpu", "+Inf"), "CPU: expected 0 to 1024 cores, got Infinity"],
    ["a negative CPU", answering("cpu", "-5"), "CPU: expected 0 to 1024 cores, got -5"],
    ["a CPU that is NaN", answering("cpu", "NaN"), "CPU: expected 0 to 1024 cores, got NaN"],
    ["several CPUs", answering("cpu", "0.1", "0.2"), "CPU: expected one number, got 2"],
    [
      "no CPU",
      answering("cpu"),
      'CPU: no data for sum(rate(process_cpu_seconds_total{instance="canary"}[60s]))',
    ],
    ["more than 100 % errors", answering("errors", "1.2"), "5xx: expected 0 to 1, got 1.2"],
    [
      "a histogram that is empty or has no +Inf",
      answering("p95", "NaN"),
      "P95: expected 0 to 315360000 s, got NaN",
    ],
    ["an endless P95", answering("p95", "+Inf"), "P95: expected 0 to 315360000 s, got Infinity"],
    ["three processes", answering("processes", "3"), "processes: expected the canary alone, got 3"],
    [
      "a process that started while it was probed",
      answering("started", secondsAgo(10)),
      "the process was replaced during the blast",
    ],
    [
      "no scrape since the blast began",
      answering("scraped", secondsAgo(200)),
      "latest scrape: 3 min 20 s ago, which is before the blast",
    ],
    [
      "another process's requests",
      answering("requests", "0"),
      "http_requests_total counted 0 of the 300 requests that were answered: these are another process's",
    ],
    ["a counter that went back", answering("falls", "2"), "the CPU's counter fell 2 times in one process"],
    ["a clock behind", clockOf(NOW_MS - 60_000), "the clock of Prometheus is 1 min behind this one"],
    ["a clock ahead", clockOf(NOW_MS + 60_000), "the clock of Prometheus is 1 min ahead of this one"],
    [
      "a part missing",
      { beside: { warnings: ["store 10.0.0.7 did not answer"] } },
      "Prometheus warns: store 10.0.0.7 did not answer",
    ],
    ["a partial answer", { beside: { isPartial: true } }, "Prometheus warns: the answer is partial"],
    [
      "buckets that fall",
      { beside: { infos: ["PromQL info: input to histogram_quantile needed to be fixed for monotonicity"] } },
      "Prometheus warns: PromQL info: input to histogram_quantile needed to be fixed for monotonicity",
    ],
  ])("gives %s, in one line", async (_what, behavior, line) => {
    const metrics = await ask(behavior);
    expect(verdictOf(metrics)).toBe("inconclusive");
    expect(metrics.cpuFraction).toBeNull();
    expect(linesOf(metrics)).toEqual([`Prometheus: ${line}`]);
  });

  it.each([
    ["HTML", { status: 200, body: "<html>please log in</html>" }],
    ["nothing", { status: 204, body: "" }],
    ["an empty body", { status: 200, body: "" }],
    ["part of an answer", { status: 200, body: '{"status":"success","data":{"resultTy' }],
    ["a success with another status", { status: 206, body: '{"status":"success","data":{}}' }],
    ["text", { status: 200, body: '{"status":"success","data":{"resultType":"string","result":[1,"x"]}}' }],
    ["a matrix", { status: 200, body: '{"status":"success","data":{"resultType":"matrix","result":[]}}' }],
    ["an error", { status: 503, body: '{"status":"error","errorType":"timeout","error":"query timed out"}' }],
  ])("answers with %s", async (_what, raw) => {
    const metrics = await ask({ raw });
    expect(verdictOf(metrics)).toBe("inconclusive");
    for (const { received } of metrics.checks) expect(received).toMatch(/^[^\n]+$/);
  });

  it("is not there", async () => {
    const gone = await startPrometheus();
    await gone[Symbol.asyncDispose]();
    const metrics = await askOf(gone.url);
    expect(verdictOf(metrics)).toBe("inconclusive");
    expect(linesOf(metrics)).toEqual([
      expect.stringMatching(/^Prometheus: Expected Prometheus to answer at [^\n]+$/),
      expect.stringMatching(/^triggers: Expected Prometheus to answer at [^\n]+$/),
    ]);
  });

  it("was not asked to the end", async () => {
    await using prometheus = await startPrometheus({ rules: LOADED });
    const metrics = await askOf(prometheus.url, AbortSignal.abort());
    expect(linesOf(metrics)).toEqual([
      "Prometheus: Interrupted before the answer.",
      "triggers: Interrupted before the answer.",
    ]);
  });
});
