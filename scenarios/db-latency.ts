import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";

/**
 * A slow database holds requests up while the platform's CPU has nothing to do. That is backpressure, not load,
 * and more instances would not help: the trigger for it must fire.
 */
export const dbLatency = defineScenario({
  name: "db-latency",
  hypothesis:
    "When Postgres answers slowly, P95 rises while CPU stays low, and the latency-CPU trigger fires in time.",
  // An order takes up to eight round trips, so a small latency on each is a large one on all. At this rate every
  // compressed window holds enough of them for a P95, and the slow ones still fit the pool.
  faults: [{ fault: { kind: "latency", link: "postgres", latencyMs: 50, jitterMs: 5 }, forMs: 9_000 }],
  expectation: {
    fires: ["LatencyCpuBackpressure"],
    mayFire: ["ApiLatencyP95High", "PgBouncerSaturated"],
    recoversWithinMs: 4_000,
    holds: [
      ...ORDINARY_CONDITIONS,
      {
        // What saturates must show, or a leak would not.
        name: "connections that are told to be at work at the worst",
        expression: 'max_over_time(db_pool_connections{state="active"}[30s])',
        limit: { atLeast: 2 },
      },
    ],
  },
});
