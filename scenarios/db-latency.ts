import { ALL_INVARIANTS, type Scenario } from "../harness/index.ts";
import { ORDINARY_CONDITIONS, ORDINARY_TIMING } from "./ordinary.ts";

/**
 * A slow database holds requests up while the platform's CPU has nothing to do. That is backpressure, not load,
 * and more instances would not help: the trigger for it must fire.
 */
export const dbLatency: Scenario = {
  name: "db-latency",
  hypothesis:
    "When Postgres answers slowly, P95 rises while CPU stays low, and the latency-CPU trigger fires in time.",
  // Each order takes several round trips: at this rate the slow ones still fit the platform's pool.
  load: { rateRps: 16, venues: { binance: 70, btcturk: 30 } },
  timing: ORDINARY_TIMING,
  faults: [
    {
      fault: {
        kind: "latency",
        link: "postgres",
        stream: "downstream",
        toxicity: 1,
        latencyMs: 70,
        jitterMs: 10,
      },
      afterMs: 0,
      forMs: 9_000,
    },
  ],
  expectation: {
    fires: ["LatencyCpuBackpressure"],
    mayFire: ["ApiLatencyP95High", "PgBouncerSaturated"],
    recoversWithinMs: 4_000,
    happens: [],
    holds: ORDINARY_CONDITIONS,
    // At this rate hardly any cancel comes in time: often there would be none to judge by.
    invariants: ALL_INVARIANTS.filter((name) => name !== "cancellations-hold"),
  },
};
