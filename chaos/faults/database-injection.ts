import { type Clock, steadyClock, UsageError } from "../../core/index.ts";
import type { FaultContext, Injection } from "./fault-kind.ts";
import type { FaultyDatabase } from "./faulty-database.ts";
import { type LastingFault, lastingInjection } from "./lasting-injection.ts";
import type { StruckProcess } from "./struck-process.ts";

/** A fault of the database server, as it is injected. */
interface DatabaseStrike extends LastingFault {
  strike(database: FaultyDatabase): Promise<StruckProcess>;
}

/** Strikes the database server. Its effect is how long it did not work. */
export async function strikeDatabase(
  fault: DatabaseStrike,
  context: Pick<FaultContext, "processes">,
  clock: Clock = steadyClock,
): Promise<Injection> {
  const struck = await fault.strike(faultyDatabaseIn(context, fault.label));
  return lastingInjection(fault, struck, clock);
}

/** @throws UsageError `no-such-power` in a lab whose database server is out of reach. */
export function faultyDatabaseIn(
  { processes }: Pick<FaultContext, "processes">,
  label: string,
): FaultyDatabase {
  if (processes !== null && processes.database !== null) return processes.database;
  throw new UsageError({
    code: "no-such-power",
    message: `Expected a local lab that this command started, for "${label}".`,
    nextStep: "Use it in a scenario, in the runtime local.",
  });
}
