import { ALL_INVARIANTS, type Scenario } from "../harness/index.ts";
import { ORDINARY_CONDITIONS, ORDINARY_LOAD, ORDINARY_TIMING } from "./ordinary.ts";

/**
 * Postgres commits, and the platform never learns: first a connection hangs behind its COMMIT, later it breaks. Whoever
 * takes that for "not done" and does it again books a fill twice; whoever takes it for "done" may lose one. The only
 * right thing is to say that it is not known, and to let a repetition find what is there.
 */
export const commitReplyLost: Scenario = {
  name: "commit-reply-lost",
  hypothesis:
    "When Postgres commits but its replies to COMMIT are lost, no order, fill or position is lost or booked twice.",
  load: ORDINARY_LOAD,
  timing: ORDINARY_TIMING,
  faults: [
    {
      fault: {
        kind: "pg-commit-reply-lost",
        link: "pgbouncer",
        toxicity: 1,
        nth: 0,
        every: 10,
        first: 0,
        share: 1,
        per: "proxy",
        how: "hang",
      },
      afterMs: 0,
      forMs: 2_500,
    },
    {
      fault: {
        kind: "pg-commit-reply-lost",
        link: "postgres",
        toxicity: 1,
        nth: 0,
        every: 4,
        first: 0,
        share: 1,
        per: "proxy",
        how: "close",
      },
      afterMs: 2_500,
      forMs: 2_500,
    },
  ],
  expectation: {
    fires: [],
    mayFire: ["HttpErrorRateHigh", "ApiLatencyP95High", "LatencyCpuBackpressure", "ErrorRiskCorrelation"],
    recoversWithinMs: 5_000,
    happens: [
      {
        name: "requests are told that their outcome is not known",
        expression: 'sum(http_requests_total{status=~"5.."})',
      },
    ],
    holds: ORDINARY_CONDITIONS,
    invariants: ALL_INVARIANTS,
  },
};
