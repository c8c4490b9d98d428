import { wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import { strikeDatabase } from "./database-injection.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS } from "./process-injection.ts";

const statement = stateFault({
  kind: "failover",
  specs: { lag: wholeNumber("ms", "how far the standby is behind, at least", { fallback: 500, min: 1 }) },
  placeOf: () => "postgres",
});

type Failover = FaultIn<typeof statement>;

/** The primary is lost, and a standby takes its place with the log that it has got. */
export const failover: FaultKind<Failover> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: () => "the process postgres",
  summary: "the primary is lost and fenced, and a standby that lags behind is promoted",
  healing:
    "The promoted standby takes the primary's address. The old primary's data are never started again.",
  label: ({ lagMs }) => `failover to a standby that is ${lagMs} ms behind`,
  inject: (fault, context) =>
    strikeDatabase(
      {
        label: failover.label(fault),
        state: "had no primary",
        strike: (database) => database.failOver(fault.lagMs),
      },
      context,
    ),
};
