import type { Scenario, ScheduledFault } from "./scenario.ts";

/** How long the platform may take until clients see the steady state, before anything is done to it. */
export const WARM_UP_LIMIT_MS = 10_000;
/** Recovery is watched for twice the allowed time, to distinguish a late recovery from none. */
export const RECOVERY_WATCH_FACTOR = 2;
/** The limit of the load's duration, whatever remains to be measured. */
export const LOAD_LIMIT_MS = 600_000;

/** The end of the last fault, in ms since the fault phase began. */
function faultsEndMs(faults: readonly Pick<ScheduledFault, "afterMs" | "forMs">[]): number {
  return Math.max(0, ...faults.map(({ afterMs, forMs }) => afterMs + forMs));
}

/** The longest time from the beginning of the fault phase to the end of the load. */
export function longestFaultedMs(
  faults: readonly Pick<ScheduledFault, "afterMs" | "forMs">[],
  { steadyAfterMs }: Scenario["timing"],
  recoversWithinMs: number,
): number {
  return faultsEndMs(faults) + RECOVERY_WATCH_FACTOR * recoversWithinMs + steadyAfterMs;
}
