import { defineScenario } from "../harness/index.ts";

/**
 * Postgres commits, and the platform never learns: first a connection hangs behind its COMMIT, later it breaks. Whoever
 * takes that for "not done" and does it again books a fill twice; whoever takes it for "done" may lose one. The only
 * right thing is to say that it is not known, and to let a repetition find what is there.
 */
export const commitReplyLost = defineScenario({
  name: "commit-reply-lost",
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
        name: "requests are told that their outcome is not known",
        expression: 'sum(http_requests_total{status=~"5.."})',
      },
    ],
  },
});
