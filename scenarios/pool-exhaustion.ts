import { ALL_INVARIANTS, type Scenario } from "../harness/index.ts";
import { ORDINARY_CONDITIONS, ORDINARY_LOAD, ORDINARY_TIMING } from "./ordinary.ts";

/** Somebody sits on pgBouncer's server connections: the database is well, and nobody gets to it. */
export const poolExhaustion: Scenario = {
  name: "pool-exhaustion",
  hypothesis:
    "When pgBouncer has no connection left, the saturation trigger fires, and nothing is lost once it has.",
  load: ORDINARY_LOAD,
  timing: ORDINARY_TIMING,
  faults: [
    {
      fault: { kind: "hold-connections", link: "pgbouncer", connections: 10, connectTimeoutMs: 1_000 },
      afterMs: 0,
      forMs: 6_000,
    },
  ],
  expectation: {
    fires: ["PgBouncerSaturated"],
    mayFire: ["HttpErrorRateHigh", "ApiLatencyP95High", "LatencyCpuBackpressure", "ErrorRiskCorrelation"],
    recoversWithinMs: 6_000,
    happens: [],
    holds: ORDINARY_CONDITIONS,
    invariants: ALL_INVARIANTS,
  },
};
