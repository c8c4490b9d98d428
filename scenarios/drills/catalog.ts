import type { DrillCondition } from "../../harness/index.ts";
import { CLIENT_CONDITIONS } from "./client-conditions.ts";
import { DATABASE_CONDITIONS } from "./database-conditions.ts";
import { EVERYDAY } from "./loads.ts";
import { RUNTIME_CONDITIONS } from "./runtime-conditions.ts";
import { VENUE_CONDITIONS } from "./venue-conditions.ts";

/** All metrics are lost: the alerts for missing series (`…Absent`) must fire. */
const METRICS_LOST: DrillCondition = {
  name: "metrics-lost",
  summary: "The metrics of the platform, of pgBouncer and of Postgres can no longer be collected.",
  madeFor: null,
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
  confirmedBy: { what: "sources that cannot be collected", expression: "count(up == 0)" },
};

/** The control: nothing is done to the lab, so no alert may fire. */
export const QUIET: DrillCondition = {
  name: "quiet",
  summary: "Normal clients, and no fault.",
  madeFor: null,
  environment: {},
  load: EVERYDAY,
  acts: [],
  moves: [],
  endsSeries: false,
  triggers: [],
  confirmedBy: { what: "requests answered", expression: "sum(increase(http_requests_total[2s]))" },
};

/** Every condition that a drill can bring about. */
export const DRILL_CONDITIONS: readonly DrillCondition[] = [
  ...VENUE_CONDITIONS,
  ...DATABASE_CONDITIONS,
  ...CLIENT_CONDITIONS,
  ...RUNTIME_CONDITIONS,
  METRICS_LOST,
];
