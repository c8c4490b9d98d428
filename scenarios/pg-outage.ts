import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";

/**
 * The database gets slow, is gone, and comes back. The slowness before is part of it: it has transactions under way
 * when the connections break, and these are what a platform forgets to clean up after. Orders may be refused
 * meanwhile; none may be lost or
 * doubled.
 */
export const pgOutage = defineScenario({
  name: "pg-outage",
  hypothesis:
    "When Postgres gets slow and is then down for some seconds, orders are refused, none is lost or doubled, and service resumes by itself.",
  faults: [
    { fault: { kind: "latency", link: "postgres", latencyMs: 80, jitterMs: 20 }, forMs: 1_500 },
    { fault: { kind: "down", link: "postgres" }, afterMs: 1_000, forMs: 3_500 },
  ],
  expectation: {
    mayFire: [
      "HttpErrorRateHigh",
      "ApiLatencyP95High",
      "LatencyCpuBackpressure",
      "ErrorRiskCorrelation",
      "PgBouncerSaturated",
    ],
    recoversWithinMs: 6_000,
    // After five seconds clients have given up, and learn nothing any more.
    answersWithinMs: 4_800,
    happens: [
      {
        name: "requests fail while the database is down",
        expression: 'sum(http_requests_total{status=~"5.."})',
      },
    ],
    holds: [
      ...ORDINARY_CONDITIONS,
      {
        // Traffic goes to whoever says that it is well.
        name: "health is told while the database is down",
        expression: 'min_over_time(probe_success{job="health"}[60s])',
        limit: { atMost: 0 },
      },
    ],
  },
});
