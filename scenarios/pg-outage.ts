import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";

/**
 * The database becomes slow, is then unreachable, and comes back. It is slow first so that transactions are
 * in progress when the connections break: platforms often fail to clean up after these. Orders may be
 * refused meanwhile, but none may be lost or placed twice.
 */
export const pgOutage = defineScenario({
  name: "pg-outage",
  tags: ["short", "nightly"],
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
    // Clients give up after five seconds, so a later answer reaches nobody.
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
        // A load balancer sends traffic to every instance that reports itself healthy.
        name: "health checks fail while the database is down",
        expression: 'min_over_time(probe_success{job="health"}[60s])',
        limit: { atMost: 0 },
      },
    ],
  },
});
