import { completeScenario, type Scenario } from "../harness/index.ts";
import { binanceAckLost, btcturkAckLost } from "./binance-ack-lost.ts";
import { commitReplyLost } from "./commit-reply-lost.ts";
import { CORNER_CASES, cornerCasesAtOnce } from "./corner-cases.ts";
import { idleInTransaction, lockPileUp, poolModeMismatch, preparedStatements } from "./database-blocked.ts";
import { diskFull, sequenceExhausted, walArchiveStopped } from "./database-exhausted.ts";
import { failover, pgbouncerKilled, postgresKilled, restoreToAPoint } from "./database-lost.ts";
import { dbLatency } from "./db-latency.ts";
import { feedGap } from "./feed-gap.ts";
import { btcturkFeedSilent, feedSilent } from "./feed-silent.ts";
import { httpSecondRequestFails } from "./http-second-request-fails.ts";
import { pgOutage } from "./pg-outage.ts";
import { platformKilled } from "./platform-killed.ts";
import { poolExhaustion } from "./pool-exhaustion.ts";
import { steadyState } from "./steady-state.ts";
import { btcturkQuirks, venueQuirks } from "./venue-quirks.ts";
import { wsFramesSwallowed } from "./ws-frames-swallowed.ts";

/** Every scenario, in the order in which they run: the control first. */
export const CATALOG: readonly Scenario[] = [
  ...[
    steadyState,
    dbLatency,
    pgOutage,
    binanceAckLost,
    venueQuirks,
    feedSilent,
    feedGap,
    wsFramesSwallowed,
    httpSecondRequestFails,
    commitReplyLost,
    platformKilled,
    poolExhaustion,
    restoreToAPoint,
    failover,
    postgresKilled,
    pgbouncerKilled,
    idleInTransaction,
    lockPileUp,
    poolModeMismatch,
    preparedStatements,
    sequenceExhausted,
    diskFull,
    walArchiveStopped,
  ].map(completeScenario),
  ...CORNER_CASES,
];

/** What is run in a scenario's place on a platform to which that one does not apply, by the other's name. */
export const STAND_INS: ReadonlyMap<string, Scenario> = new Map([
  [binanceAckLost.name, completeScenario(btcturkAckLost)],
  [venueQuirks.name, completeScenario(btcturkQuirks)],
  [feedSilent.name, completeScenario(btcturkFeedSilent)],
]);

/** Every scenario that can be named. */
export const ALL_SCENARIOS: readonly Scenario[] = [...CATALOG, ...STAND_INS.values(), cornerCasesAtOnce];

/** The scenario of this name. */
export function scenarioNamed(name: string): Scenario {
  const found = ALL_SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new TypeError(`Expected a scenario of the catalog, got ${name}.`);
  return found;
}
