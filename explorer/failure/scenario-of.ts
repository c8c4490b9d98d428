import type { Fault } from "../../chaos/index.ts";
import type { ScenarioInput } from "../../harness/index.ts";
import type { Reproduction } from "../reproduction.ts";

/** A scenario's faults stay long enough to meet its load. */
const LEAST_MS = 1_000;
const MOST_MS = 3_000;
const RECOVERS_WITHIN_MS = 5_000;

/**
 * A scenario for the catalog that does to a platform under load what a reproduction does to it in a second: the message
 * that a reproduction chooses by its number comes again and again there.
 */
export function scenarioOf({
  name,
  signature,
  plan,
}: Pick<Reproduction, "name" | "signature" | "plan">): ScenarioInput {
  const faults = plan.faults.map(({ fault, forMs }) => ({
    fault: repeated(fault),
    forMs: Math.min(MOST_MS, Math.max(LEAST_MS, forMs)),
  }));
  return {
    name,
    hypothesis: `Under these faults ${signature.check} holds; the explorer found: ${signature.problem}.`,
    tags: ["explored"],
    faults: faults as NonNullable<ScenarioInput["faults"]>,
    expectation: { recoversWithinMs: RECOVERS_WITHIN_MS },
  };
}

function repeated(fault: Fault): Fault {
  return "nth" in fault && fault.nth > 0 ? { ...fault, nth: 0, every: Math.max(2, fault.nth) } : fault;
}
