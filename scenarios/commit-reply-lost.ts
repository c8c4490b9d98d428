import { defineScenario } from "../harness/index.ts";

/**
 * Postgres commits, but the platform never gets the reply to COMMIT: first the connection hangs, later it is
 * closed. A platform that assumes "not committed" and repeats the work books a fill twice; one that assumes
 * "committed" may lose a fill. It must answer that the outcome is unknown, so that a retry with the same key
 * finds what was booked.
 */
export const commitReplyLost = defineScenario({
  name: "commit-reply-lost",
  tags: ["nightly"],
  hypothesis:
    "When Postgres commits but its replies to COMMIT are lost, no order, fill or position is lost or booked twice.",
  faults: [
    { fault: { kind: "pg-commit-reply-lost", link: "pgbouncer", every: 10, how: "hang" }, forMs: 2_500 },
    {
      fault: { kind: "pg-commit-reply-lost", link: "postgres", every: 4, how: "close" },
      afterMs: 2_500,
      forMs: 2_500,
    },
  ],
  expectation: {
    mayFire: ["HttpErrorRateHigh", "ApiLatencyP95High", "LatencyCpuBackpressure", "ErrorRiskCorrelation"],
    recoversWithinMs: 5_000,
    happens: [
      {
        name: "requests are answered that their outcome is unknown",
        expression: 'sum(http_requests_total{status=~"5.."})',
      },
    ],
  },
});
