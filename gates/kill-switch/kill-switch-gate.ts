import type { Gate } from "../engine/gate.ts";
import { ordersInFlight } from "./orders-in-flight.ts";
import { stableTradesOn } from "./stable-trades-on.ts";
import { closedWithoutStore, staysOffAfterRestart } from "./stays-off.ts";
import { refusedOnCanary, slowestReplica } from "./stop-reaches-canary.ts";
import { switchDryRun } from "./switch-dry-run.ts";
import { tradesAgain } from "./trades-again.ts";

/** Can the canary's trading be stopped, and only that? */
export const KILL_SWITCH_GATE: Gate = {
  name: "kill-switch",
  title: "Kill switch drill",
  question: "Does the kill switch stop the canary's trading, and nothing else, whatever else is broken?",
  checks: [
    switchDryRun,
    refusedOnCanary,
    slowestReplica,
    stableTradesOn,
    ordersInFlight,
    staysOffAfterRestart,
    closedWithoutStore,
    tradesAgain,
  ],
  summaryFile: "kill_switch_{release}.txt",
  limitMs: 300_000,
};
