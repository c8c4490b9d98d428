import type { DrillCondition } from "../../harness/index.ts";
import { CLIENT_CONDITIONS } from "./client-conditions.ts";
import { DATABASE_CONDITIONS } from "./database-conditions.ts";
import { EVERYDAY } from "./loads.ts";
import { RUNTIME_CONDITIONS } from "./runtime-conditions.ts";
import { VENUE_CONDITIONS } from "./venue-conditions.ts";

/** Nobody can see the platform any more: the alerts that guard the others against it must speak up. */
const METRICS_LOST: DrillCondition = {
  name: "metrics-lost",
  summary: "No metrics can be collected any more, of the platform, of pgBouncer and of Postgres.",
  environment: {},
  load: EVERYDAY,
  acts: [
    { kind: "blind", source: "platform" },
    { kind: "blind", source: "pgbouncer" },
    { kind: "blind", source: "postgres" },
  ],
  moves: ["up"],
  endsSeries: true,
  triggers: [],
  shownBy: { what: "sources that cannot be collected", expression: "count(up == 0)" },
};

/** Nothing is done: the control. */
export const QUIET: DrillCondition = {
  name: "quiet",
  summary: "Clients as on every day, and nothing is done to the lab.",
  environment: {},
  load: EVERYDAY,
  acts: [],
  moves: [],
  endsSeries: false,
  triggers: [],
  shownBy: { what: "requests answered", expression: "sum(increase(http_requests_total[2s]))" },
};

/** Every condition that can be made true. A new one is an entry in one of the files named above. */
export const DRILL_CONDITIONS: readonly DrillCondition[] = [
  ...VENUE_CONDITIONS,
  ...DATABASE_CONDITIONS,
  ...CLIENT_CONDITIONS,
  ...RUNTIME_CONDITIONS,
  METRICS_LOST,
];
