import { type Clock, type FaultBite, steadyClock, UsageError } from "../../core/index.ts";
import type { FaultContext, Injection } from "./fault-kind.ts";
import type { FaultyDatabase } from "./faulty-database.ts";
import type { StruckProcess } from "./struck-process.ts";

/** A fault of the database server, as it is injected. */
interface DatabaseStrike {
  readonly label: string;
  /** What becomes of the server, to be read behind its name: `was lost`. */
  readonly state: string;
  strike(database: FaultyDatabase): Promise<StruckProcess>;
}

/** Strikes the database server. Its effect is how long it did not work. */
export async function strikeDatabase(
  { label, state, strike }: DatabaseStrike,
  context: Pick<FaultContext, "processes">,
  clock: Clock = steadyClock,
): Promise<Injection> {
  const struck = await strike(faultyDatabaseIn(context, label));
  const sinceMs = clock.monotonicMs();
  let lastedMs: number | null = null;
  return {
    label,
    heal: async () => {
      await struck.restore();
      lastedMs ??= clock.monotonicMs() - sinceMs;
    },
    bite: async (): Promise<FaultBite> => ({
      kind: "lasted",
      state,
      durationMs: lastedMs ?? clock.monotonicMs() - sinceMs,
    }),
  };
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
