import { ALL_INVARIANTS, type Scenario } from "../harness/index.ts";
import { ORDINARY_LOAD, ORDINARY_TIMING } from "./ordinary.ts";

/** The database is gone and comes back. Orders may be refused meanwhile; none may be lost or doubled. */
export const pgOutage: Scenario = {
  name: "pg-outage",
  hypothesis:
    "When Postgres is down for some seconds, orders are refused, none is lost or doubled, and service resumes by itself.",
  load: ORDINARY_LOAD,
  timing: ORDINARY_TIMING,
  faults: [{ fault: { kind: "down", link: "postgres" }, afterMs: 0, forMs: 5_000 }],
  expectation: {
    fires: [],
    mayFire: [
      "HttpErrorRateHigh",
      "ApiLatencyP95High",
      "LatencyCpuBackpressure",
      "ErrorRiskCorrelation",
      "PgBouncerSaturated",
    ],
    recoversWithinMs: 6_000,
    happens: [
      {
        name: "requests fail while the database is down",
        expression: 'sum(http_requests_total{status=~"5.."})',
      },
    ],
    invariants: ALL_INVARIANTS,
  },
};
