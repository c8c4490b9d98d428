import { faultLabel, kindOf } from "../../chaos/index.ts";
import { formatPath, type Mistake, wrongMeaning } from "../../core/index.ts";
import type { ScheduledFault } from "../experiment/scenario.ts";
import type { Placed, ScenarioReading } from "./scenario-reading.ts";

type PlacedFault = Placed<ScheduledFault>;

/** Faults that must not be active at the same time. */
export function overlapMistakes({ faults }: ScenarioReading): readonly Mistake[] {
  return faults.flatMap((fault, index) => {
    const earlier = faults.slice(0, index).find((other) => undoEachOther(fault, other));
    if (earlier !== undefined) {
      const what = kindOf(fault.value.fault).exclusive(fault.value.fault);
      const expected = `no overlap with ${formatPath(earlier.path)}, which uses ${what} too`;
      return [wrongMeaning(fault.path, expected, span(fault))];
    }
    const stopper = faults.find((other) => other !== fault && leavesNothing(other, fault));
    if (stopper === undefined) return [];
    const expected = `a fault during which traffic passes on ${fault.value.fault.link}, which ${formatPath(stopper.path)} (${faultLabel(stopper.value.fault)}) stops throughout`;
    return [wrongMeaning(fault.path, expected, span(fault))];
  });
}

/** Healing one would undo the other. */
function undoEachOther(one: PlacedFault, other: PlacedFault): boolean {
  const key = kindOf(one.value.fault).exclusive(one.value.fault);
  return (
    key !== null &&
    key === kindOf(other.value.fault).exclusive(other.value.fault) &&
    startOf(one) < endOf(other) &&
    startOf(other) < endOf(one)
  );
}

/** The whole of a fault is within the time of one that stops everything on its link. */
function leavesNothing(stopper: PlacedFault, fault: PlacedFault): boolean {
  return (
    kindOf(stopper.value.fault).stopsAll &&
    kindOf(fault.value.fault).livesIn === "proxy" &&
    stopper.value.fault.link === fault.value.fault.link &&
    startOf(stopper) <= startOf(fault) &&
    endOf(stopper) >= endOf(fault)
  );
}

function startOf({ value }: PlacedFault): number {
  return value.afterMs;
}

function endOf({ value }: PlacedFault): number {
  return value.afterMs + value.forMs;
}

function span(fault: PlacedFault): string {
  return `${faultLabel(fault.value.fault)} from ${startOf(fault)} to ${endOf(fault)} ms`;
}
