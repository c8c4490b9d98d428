import type { PhaseRecord } from "../../evidence/index.ts";
import type { Operation } from "../../load/index.ts";
import { STEADY_STATE } from "./steady-state.ts";

type PhaseName = PhaseRecord["name"];

/**
 * Returns the operations that belong to a phase, or null when it did not take place. An operation belongs to the phase
 * in which it was planned, with one exception: a healthy platform may take up to the latency limit to answer. What was
 * planned within that time before the faults, and was not answered when they began, belongs to the faults: they may be
 * the reason for how it ended. What had been open for longer than that was late without them.
 */
export function operationsOf(
  name: PhaseName,
  phases: readonly PhaseRecord[],
  operations: readonly Operation[],
): readonly Operation[] | null {
  const phase = phases.find((each) => each.name === name);
  if (phase === undefined) return null;
  const faults = phases.find((each) => each.name === "fault");
  return operations.filter((operation) => {
    const { plannedAtMs } = operation;
    if (faults !== undefined && isCaught(operation, faults)) return name === "fault";
    return plannedAtMs >= phase.startMs && plannedAtMs < phase.endMs;
  });
}

/** Whether an operation was in progress, and not late, when the faults began. */
function isCaught({ plannedAtMs, endedAtMs }: Operation, { startMs }: PhaseRecord): boolean {
  const isBegun = plannedAtMs < startMs && plannedAtMs >= startMs - STEADY_STATE.latencyMsP95;
  return isBegun && endedAtMs >= startMs;
}
