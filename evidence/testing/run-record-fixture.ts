import { RUN_SCHEMA, type RunRecord } from "../records/run-record.ts";
import type { ScenarioRecord } from "../records/scenario-record.ts";

/** The smallest scenario that has a value in every field. */
export const SCENARIO: ScenarioRecord = {
  name: "db-latency",
  hypothesis: "Slow, not wrong.",
  verdict: "pass",
  seed: 7,
  command: "npm start",
  startedAt: "2025-08-01T02:00:00.000Z",
  durationMs: 1_000,
  phases: [{ name: "fault", startMs: 0, endMs: 500 }],
  faults: [
    {
      label: "latency 300 ms on postgres",
      kind: "latency",
      link: "postgres",
      injectedAtMs: 0,
      healedAtMs: null,
      bite: { kind: "unknown", why: "not counted" },
    },
  ],
  samples: {
    atMs: [0, 250],
    columns: [{ id: "latency-ms-p95", label: "P95", group: "latency", unit: "ms", values: [null, 3.5] }],
  },
  triggers: [
    {
      name: "Slow",
      severity: "page",
      expression: "p95 > 0.4",
      summary: "P95 above 400 ms",
      expected: "fires",
      verdict: "pass",
      history: [{ atMs: 0, state: "no-data", value: null }],
      evaluations: 3,
      firedAtMs: 250,
      firedAfterFaultMs: 250,
    },
  ],
  notApplicable: [{ what: "CspViolationsHigh", needs: "csp_violations_total" }],
  checks: [
    {
      kind: "invariant",
      name: "balances add up",
      basis: "count",
      verdict: "pass",
      expected: "0",
      received: "0",
      judgedBy: { count: 40, noun: "balance" },
      orders: [],
    },
  ],
  operations: {
    routes: [],
    rateRps: 1,
    total: 1,
    succeeded: 1,
    rejected: 0,
    failed: 0,
    unknown: 0,
    latencyMs: { p50: 1, p95: 1, p99: 1, max: null },
  },
  orders: { listed: [], omitted: 0 },
  logs: [{ process: "platform", path: "logs/platform.log" }],
};

/** A run of it. */
export const RUN: RunRecord = {
  schema: RUN_SCHEMA,
  runId: "run-1",
  title: "Nightly",
  command: "npm start",
  seed: 7,
  platform: "spark",
  startedAt: "2025-08-01T02:00:00.000Z",
  endedAt: "2025-08-01T02:00:01.000Z",
  verdict: "pass",
  environment: {
    runtime: "local",
    kanitVersion: "0.1.0",
    commit: "unknown",
    node: "v24",
    os: "Linux",
    cpuModel: "x",
    cpuCount: 2,
    memoryBytes: 1,
    postgres: "18",
    pgbouncer: "1.18",
    proxy: "kanit",
    market: "synthetic, seed 7",
    tapeSpeed: 1,
    timeScale: 100,
  },
  scenarios: [SCENARIO],
  notRun: [{ name: "ws-frames-swallowed", why: "needs the kanit engine" }],
  notApplicable: [{ what: "feed-gap", needs: "BTCTurk" }],
};
