import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";

/** The control: nothing is injected, so no trigger may fire. A failure here is a false alarm of the harness. */
export const steadyState = defineScenario({
  name: "steady-state",
  tags: ["short", "nightly"],
  hypothesis:
    "Without any fault, orders are placed within the objective, feeds are fresh and no trigger fires.",
  timing: { steadyBeforeMs: 10_000, steadyAfterMs: 0 },
  expectation: {
    recoversWithinMs: 0,
    holds: [
      ...ORDINARY_CONDITIONS,
      {
        // A platform that corrupts its book by itself rebuilds it again and again.
        name: "order books rebuilt without a cause",
        expression: 'sum(delta(feed_resyncs_total{reason!="snapshot"}[8s]))',
        limit: { atMost: 2 },
      },
    ],
  },
});
