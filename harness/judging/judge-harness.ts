import type { LeaseState } from "../../chaos/index.ts";
import type { CheckRecord } from "../../evidence/index.ts";
import type { ProcessDeath } from "../../lab/index.ts";
import { check, type Finding } from "./check.ts";

/**
 * Whether the lease of this many faults was held until it was released. Otherwise its faults were gone too
 * early, and the experiment was not the intended one. `state` is the lease's state when it was released.
 */
export function judgeLease(state: LeaseState, faults: number): CheckRecord {
  const judgedBy = { count: faults, noun: "fault" };
  const expected =
    state.kind === "unknown-to-engine"
      ? "holds until it is released, if the fault proxy has leases"
      : "holds until it is released";
  return check({ kind: "harness", name: "fault lease", basis: "count", expected }, () => ({
    ...leaseFinding(state),
    judgedBy,
  }));
}

function leaseFinding(state: LeaseState): Pick<Finding, "verdict" | "received"> {
  switch (state.kind) {
    case "released":
      return { verdict: "pass", received: "held" };
    case "lost":
      return { verdict: "inconclusive", received: `lost, and its faults were removed: ${state.why}` };
    case "held":
      return { verdict: "inconclusive", received: "it was not released" };
    case "unknown-to-engine":
      return {
        verdict: "pass",
        received:
          "warning: the proxy has no leases; if this run had been killed, its faults would have stayed",
      };
  }
}

/** A dead platform is its own failure; any other dead process is the lab's, and leaves the result open. */
export function judgeDeath({ process, ending, lastLines }: ProcessDeath, platformName: string): CheckRecord {
  const name = `${process} keeps running`;
  return check({ kind: "harness", name, basis: "count", expected: "runs to the end" }, () => ({
    verdict: process === platformName ? "fail" : "inconclusive",
    received: `${ending}; its last line of output: ${lastLines.at(-1) ?? "none"}`,
    judgedBy: { count: 1, noun: "process" },
  }));
}

/** An experiment that broke off proves nothing, whatever was measured by then. */
export function judgeBreakOff(why: string): CheckRecord {
  const expected = "runs to its end";
  return check({ kind: "harness", name: "experiment", basis: "count", expected }, () => ({
    verdict: "inconclusive",
    received: why,
    judgedBy: { count: 1, noun: "experiment" },
  }));
}
