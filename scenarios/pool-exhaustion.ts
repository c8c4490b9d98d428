import { defineScenario } from "../harness/index.ts";

/**
 * Other clients hold all server connections of pgBouncer: the database is healthy, but the platform
 * cannot reach it.
 */
export const poolExhaustion = defineScenario({
  name: "pool-exhaustion",
  tags: ["short", "nightly"],
  hypothesis:
    "When pgBouncer has no connection left, the saturation trigger fires, and no order is lost when connections become free again.",
  faults: [
    {
      fault: { kind: "hold-connections", link: "pgbouncer", connections: 10, connectTimeoutMs: 1_000 },
      forMs: 6_000,
    },
  ],
  expectation: {
    fires: ["PgBouncerSaturated"],
    mayFire: ["HttpErrorRateHigh", "ApiLatencyP95High", "LatencyCpuBackpressure", "ErrorRiskCorrelation"],
    recoversWithinMs: 6_000,
  },
});
