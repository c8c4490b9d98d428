import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";

/** The control: nothing is injected, so nothing may fire. A harness that fails here cries wolf. */
export const steadyState = defineScenario({
  name: "steady-state",
  hypothesis:
    "Without any fault, orders are placed within the objective, feeds are fresh and no trigger fires.",
  timing: { steadyBeforeMs: 10_000, steadyAfterMs: 0 },
  expectation: {
    recoversWithinMs: 0,
    holds: [
      ...ORDINARY_CONDITIONS,
      {
        // A book that goes wrong by itself is right again after each new snapshot, and wrong soon after.
        name: "books built anew without a cause",
        expression: 'sum(delta(feed_resyncs_total{reason!="snapshot"}[8s]))',
        limit: { atMost: 2 },
      },
    ],
  },
});
