import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import { FIXTURE_ENVIRONMENT } from "./environment-fixture.ts";

/** A rate at which the objective held. */
export const HELD_STEP: StepRecord = {
  rateRps: 40,
  achievedRps: 39.6,
  operations: 160,
  errorRatio: 0,
  latencyMs: { mean: 30, p50: 22, p95: 60, p99: 90, max: 120 },
  lagMsP99: 1,
  resources: {
    cpuCores: 0.14,
    eventLoopLagMsP99: 4,
    eventLoopStalledShare: 0,
    poolWaiting: 0,
    lockWaiting: 0.1,
    poolActive: 1,
    statementMs: 2,
    waits: { poolMs: 0, locksMs: 2, databaseMs: 9, venueMs: 5 },
  },
  machineFullShare: 0.2,
  finding: { kind: "held" },
};
/** A rate at which operations waited for a connection. */
export const BROKEN_STEP: StepRecord = {
  ...HELD_STEP,
  rateRps: 80,
  achievedRps: 51,
  latencyMs: { mean: 500, p50: 450, p95: 800, p99: 990, max: 1_200 },
  resources: { ...HELD_STEP.resources, cpuCores: 0.2, waits: { ...HELD_STEP.resources.waits, poolMs: 420 } },
  finding: { kind: "broken", why: "Expected a P95 below 200 ms, measured 800.0 ms." },
};
/** A search whose result is the connection pool. */
export const SEARCH: BackpressureRecord = {
  schema: "kanit.backpressure/2",
  runId: "search-1",
  title: "backpressure of spark",
  command: "./kanit backpressure --seed 1",
  seed: 1,
  platform: "spark",
  cores: 1,
  objective: { latencyMsP95: 200, errorRatio: 0.01 },
  mustHoldRps: null,
  startedAt: "2026-01-02T03:04:00.000Z",
  endedAt: "2026-01-02T03:04:30.000Z",
  verdict: "pass",
  environment: { ...FIXTURE_ENVIRONMENT, timeScale: 1 },
  why: "40 op/s held, 80 op/s did not. The limit: connection pool (backpressure).",
  planted: [],
  heldRps: 40,
  steps: [HELD_STEP, BROKEN_STEP],
  outcome: {
    kind: "limited",
    rateRps: 80,
    limit: { kind: "named", limit: "pool", nature: "backpressure", why: "Requests wait." },
  },
  regions: [
    { trigger: "TooSlow", latencyAboveMs: 400, cpuBelow: null },
    { trigger: "SlowAndIdle", latencyAboveMs: 250, cpuBelow: 0.6 },
  ],
};
