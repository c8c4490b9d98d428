import { type Clock, steadyClock, UsageError } from "../../core/index.ts";
import type { FaultContext, Injection } from "./fault-kind.ts";
import type { FaultyProcesses } from "./faulty-processes.ts";
import { type LastingFault, lastingInjection } from "./lasting-injection.ts";
import type { StruckProcess } from "./struck-process.ts";

/** A fault of a process, as it is injected. */
interface ProcessStrike extends LastingFault {
  strike(processes: FaultyProcesses): Promise<StruckProcess>;
}

/** What all faults have in common that are not made by the proxy: no toxic, and no link to stand on. */
export const BESIDE_THE_LINKS = {
  toxic: null,
  needs: "toxiproxy",
  livesIn: "process",
  protocol: "tcp",
  stopsAll: false,
} as const;

/**
 * Strikes a process, and restores it when the fault heals. Its effect is how long the process did not work.
 *
 * @throws UsageError `no-such-power` in a lab whose processes cannot be reached.
 */
export async function strikeProcess(
  fault: ProcessStrike,
  { processes }: FaultContext,
  clock: Clock = steadyClock,
): Promise<Injection> {
  if (processes === null) throw outOfReach(fault.label);
  const struck = await fault.strike(processes);
  return lastingInjection(fault, struck, clock);
}

/** The error for a fault on the processes of a lab that another command started. */
export function outOfReach(label: string): UsageError {
  return new UsageError({
    code: "no-such-power",
    message: `Expected a lab whose processes this command started, for "${label}", got one of another command.`,
    nextStep: "Use it in a scenario, or `kanit kill` and `kanit pause` by hand.",
  });
}
