import { ALL_INVARIANTS, type Scenario } from "../harness/index.ts";
import { ORDINARY_CONDITIONS, ORDINARY_LOAD } from "./ordinary.ts";

/** The control: nothing is injected, so nothing may fire. A harness that fails here cries wolf. */
export const steadyState: Scenario = {
  name: "steady-state",
  hypothesis:
    "Without any fault, orders are placed within the objective, feeds are fresh and no trigger fires.",
  load: ORDINARY_LOAD,
  timing: { steadyBeforeMs: 10_000, steadyAfterMs: 0 },
  faults: [],
  expectation: {
    fires: [],
    mayFire: [],
    recoversWithinMs: 0,
    happens: [],
    holds: [
      ...ORDINARY_CONDITIONS,
      {
        // A book that goes wrong by itself is right again after each new snapshot, and wrong soon after.
        name: "books built anew without a cause",
        expression: 'sum(delta(feed_resyncs_total{reason!="snapshot"}[8s]))',
        limit: { atMost: 2 },
      },
    ],
    invariants: ALL_INVARIANTS,
  },
};
