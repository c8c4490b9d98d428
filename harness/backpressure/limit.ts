import type { LimitName } from "../../evidence/index.ts";

/** The name for display. */
export const LIMIT_TITLES: Readonly<Record<LimitName, string>> = {
  cpu: "CPU",
  "event-loop": "event loop",
  pool: "connection pool",
  locks: "locks",
  database: "database",
  venue: "venue",
};
