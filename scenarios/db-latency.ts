import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";

/**
 * A slow database delays requests while the platform's CPU is idle. That is backpressure, not overload, and more
 * instances would not help: the trigger for it must fire.
 */
export const dbLatency = defineScenario({
  name: "db-latency",
  tags: ["short", "nightly"],
  hypothesis:
    "When Postgres answers slowly, P95 rises while CPU stays low, and the latency-CPU trigger fires in time.",
  // An order of Spark needs up to eight round trips, so 50 ms on each add up. At the default load each compressed
  // window still has enough requests for a P95, and the slow ones do not exhaust the pool.
  faults: [{ fault: { kind: "latency", link: "postgres", latencyMs: 50, jitterMs: 5 }, forMs: 9_000 }],
  expectation: {
    fires: ["LatencyCpuBackpressure"],
    // Its limit is 250 ms, which a platform with fewer round trips rightly does not reach. The rest is for what lies
    // between the platform's own histogram and its clients.
    firesAboveMsP95: 300,
    mayFire: ["ApiLatencyP95High", "PgBouncerSaturated"],
    recoversWithinMs: 4_000,
    holds: [
      ...ORDINARY_CONDITIONS,
      {
        // Proves that the gauge rises at all: the check that connections are given back relies on it.
        name: "highest number of active database connections",
        expression: 'max_over_time(db_pool_connections{state="active"}[30s])',
        limit: { atLeast: 2 },
      },
    ],
  },
});
