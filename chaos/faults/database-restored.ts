import { wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import { strikeDatabase } from "./database-injection.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS } from "./process-injection.ts";

const statement = stateFault({
  kind: "database-restored",
  specs: {
    lost: wholeNumber("ms", "what was committed in so long a time before is lost", {
      fallback: 1_000,
      min: 1,
    }),
  },
  placeOf: () => "postgres",
});

type DatabaseRestored = FaultIn<typeof statement>;

/** The database is lost, and restored from a backup and its log to a moment before the last commits. */
export const databaseRestored: FaultKind<DatabaseRestored> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: () => "the process postgres",
  summary: "the database is lost and restored to an earlier moment: later orders are forgotten",
  healing: "The restored server is started, at the same address. What was lost stays lost.",
  label: ({ lostMs }) => `Postgres lost, and restored without its last ${lostMs} ms`,
  inject: (fault, context) =>
    strikeDatabase(
      {
        label: databaseRestored.label(fault),
        state: "was lost",
        strike: (database) => database.restoreTo(fault.lostMs),
      },
      context,
    ),
};
