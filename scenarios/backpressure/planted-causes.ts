import type { Fault } from "../../chaos/index.ts";
import type { LimitName } from "../../evidence/index.ts";
import { labFault, plantedDefect } from "../drills/acts.ts";

/** A cause that limits the platform, planted to check that the search names it. */
export interface PlantedCause {
  readonly limit: LimitName;
  /** One sentence for a reader who knows the platform but not the harness. */
  readonly summary: string;
  /** Variables for the platform, besides those of the lab. */
  readonly environment: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
}

/** One cause for each limit that the search can name. */
export const PLANTED_CAUSES: readonly PlantedCause[] = [
  {
    limit: "cpu",
    summary: "Every request spends 7 ms on a useless computation.",
    environment: plantedDefect("costly-request"),
    faults: [],
  },
  {
    limit: "event-loop",
    summary: "Placing an order waits 60 ms synchronously for a slow disk, which blocks everything else.",
    environment: plantedDefect("synchronous-wait"),
    faults: [],
  },
  {
    limit: "pool",
    summary: "The platform has a single database connection, and each message to the pooler takes 4 ms.",
    environment: { DATABASE_POOL_SIZE: "1" },
    faults: [labFault({ kind: "latency", link: "pgbouncer", latencyMs: 4 })],
  },
  {
    limit: "locks",
    summary: "A session locks the table of orders against writers for 400 ms, twice a second.",
    environment: {},
    faults: [labFault({ kind: "hold-lock", link: "postgres", table: "orders", holdMs: 400, pauseMs: 100 })],
  },
  {
    limit: "database",
    summary: "Every answer of Postgres is delayed by 60 ms.",
    environment: {},
    faults: [labFault({ kind: "latency", link: "postgres", latencyMs: 60 })],
  },
  {
    limit: "venue",
    summary: "Every answer of Binance is delayed by 400 ms.",
    environment: {},
    faults: [labFault({ kind: "latency", link: "binance-rest", latencyMs: 400 })],
  },
];
