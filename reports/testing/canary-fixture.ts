import { CANARY_SCHEMA, type CanaryRecord, type CanarySignalRecord } from "../../evidence/index.ts";

const START_MS = Date.parse("2026-03-02T09:00:00Z");
const LOOKS = 40;

/** A signal that passed, with changes. */
export function fixtureSignal(change: Partial<CanarySignalRecord> = {}): CanarySignalRecord {
  return {
    id: "api_latency_p95",
    title: "API P95",
    verdict: "pass",
    isCritical: true,
    reason: "API P95 41 ms is no worse than the stable",
    queries: ["http_request_duration_seconds_bucket", "http_request_duration_seconds_sum"],
    unit: "s",
    stable: { samples: 28_500, value: 0.04 },
    candidate: { samples: 1_500, value: 0.041 },
    sampleName: "requests",
    needed: 900,
    statistic: "log-rank test 10^-0.4 against the stable, 10^-2.0 against the limit; fails from 10^3.9",
    factor: { estimate: 1.02, low: 0.9, high: 1.2 },
    limit: "at most 200 ms",
    limitValue: 0.2,
    ...change,
  };
}

/** A canary that passed its first stage and goes on, with changes. */
export function fixtureCanary(change: Partial<CanaryRecord> = {}): CanaryRecord {
  const atMs = Array.from({ length: LOOKS }, (_, look) => START_MS + look * 15_000);
  const curve = (base: number) => atMs.map((_, look) => base + 0.004 * Math.sin(look));
  const signals = [
    fixtureSignal(),
    fixtureSignal({ id: "http_errors", title: "5xx rate", unit: "", limitValue: 0.01 }),
  ];
  const plan = ["1", "5"].map((name) => ({
    ...{ name, sharePercent: Number(name), durationMs: 300_000, longestMs: 600_000 },
    needed: [{ signal: "api_latency_p95", samples: 900, of: "requests" }],
  }));
  const stageAt = (name: string, look: number, endedAt: string | null) => ({
    ...{ name, startedAt: new Date(atMs[look] ?? 0).toISOString(), endedAt, looks: 20, signals },
    share: {
      verdict: "pass" as const,
      ...{ askedPercent: Number(name), measuredPercent: Number(name), low: 0.8, high: 1.3 },
      ...{ candidateRequests: 1_500, stableRequests: 28_500 },
      reason: `the candidate gets ${name} % of the requests`,
    },
  });
  return {
    ...{ schema: CANARY_SCHEMA, release: "v1.4.0", target: "lab 4f2a", command: "kanit canary v1.4.0" },
    ...{ startedAt: new Date(START_MS).toISOString(), endedAt: null, verdict: "inconclusive" },
    ...{ lead: "The canary goes on.", timeScale: 1, falseAlarmRate: 0.01, exposedRequests: 3_000 },
    arms: { stable: "http://127.0.0.1:81/metrics", candidate: "http://127.0.0.1:82/metrics" },
    plan,
    stages: [stageAt("1", 0, new Date(atMs[20] ?? 0).toISOString()), stageAt("5", 20, null)],
    atMs,
    curves: [
      { signal: "api_latency_p95", stable: curve(0.04), candidate: curve(0.041) },
      { signal: "http_errors", stable: curve(0).map(() => null), candidate: curve(0).map(() => null) },
    ],
    triggers: [
      { name: "HighErrorRate", state: "inactive", firedAt: null },
      { name: "PgBouncerSaturated", state: "no-data", firedAt: null },
    ],
    decisions: [
      { at: new Date(START_MS).toISOString(), stage: "1", kind: "enter", reason: "the candidate gets 1 %" },
    ],
    problems: [],
    ...change,
  };
}
