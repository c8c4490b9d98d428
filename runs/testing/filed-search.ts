import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import { ENVIRONMENT } from "./filed-run.ts";

const HELD: StepRecord = {
  ...{ rateRps: 40, achievedRps: 39.6, operations: 160, errorRatio: 0, lagMsP99: 1, machineFullShare: 0.2 },
  latencyMs: { mean: 30, p50: 22, p95: 60, p99: 90, max: 120 },
  resources: {
    ...{ cpuCores: 0.14, eventLoopLagMsP99: 4, eventLoopStalledShare: 0, poolWaiting: 0, lockWaiting: 0.1 },
    ...{ poolActive: 1, statementMs: 2, waits: { poolMs: 0, locksMs: 2, databaseMs: 9, venueMs: 5 } },
  },
  finding: { kind: "held" },
};

/** The record of a search whose result is the connection pool. */
export const FILED_SEARCH: BackpressureRecord = {
  ...{ schema: "kanit.backpressure/2", runId: "search-1", title: "backpressure of spark", seed: 1 },
  ...{ command: "./kanit backpressure", platform: "spark", cores: 1, mustHoldRps: null, planted: [] },
  ...{ startedAt: "2026-01-02T03:04:00.000Z", endedAt: "2026-01-02T03:04:30.000Z", verdict: "pass" },
  objective: { latencyMsP95: 200, errorRatio: 0.01 },
  environment: ENVIRONMENT,
  why: "40 op/s held, 80 op/s did not.",
  heldRps: 40,
  steps: [HELD, { ...HELD, rateRps: 80, finding: { kind: "broken", why: "P95 was 800 ms." } }],
  outcome: {
    ...{ kind: "limited", rateRps: 80 },
    limit: { kind: "named", limit: "pool", nature: "backpressure", why: "Requests wait." },
  },
  regions: [{ trigger: "TooSlow", latencyAboveMs: 400, cpuBelow: null }],
};
