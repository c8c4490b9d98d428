import { defineScenario } from "../harness/index.ts";

/** Somebody sits on pgBouncer's server connections: the database is well, and nobody gets to it. */
export const poolExhaustion = defineScenario({
  name: "pool-exhaustion",
  hypothesis:
    "When pgBouncer has no connection left, the saturation trigger fires, and nothing is lost once it has.",
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
