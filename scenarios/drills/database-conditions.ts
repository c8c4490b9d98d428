import type { DrillCondition } from "../../harness/index.ts";
import { faultAct, plantedDefect, queryError } from "./acts.ts";
import { EVERYDAY, LOOKING, placing } from "./loads.ts";

/** Problems in the database and on the links to it. */
export const DATABASE_CONDITIONS: readonly DrillCondition[] = [
  {
    name: "pool-held",
    summary: "Clients of pgBouncer keep transactions open until it has no connection left.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [faultAct({ kind: "hold-connections", link: "pgbouncer", connections: 10 })],
    moves: [
      "pgbouncer_pools_server_active_connections",
      "pgbouncer_pools_client_waiting_connections",
      "pgbouncer_pools_client_maxwait_seconds",
      "db_pool_waiting_requests",
    ],
    endsSeries: false,
    triggers: ["PgBouncerSaturated"],
    confirmedBy: {
      what: "clients waiting for a connection",
      expression: "sum(pgbouncer_pools_client_waiting_connections)",
    },
  },
  {
    name: "slow-database",
    summary: "Every answer of Postgres is delayed by 50 ms.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [
      faultAct({
        kind: "latency",
        link: "postgres",
        latencyMs: 50,
        jitterMs: 5,
      }),
    ],
    moves: [
      "http_request_duration_seconds",
      "db_pool_connections",
      "db_pool_waiting_requests",
      "pgbouncer_pools_server_active_connections",
    ],
    endsSeries: false,
    triggers: [],
    confirmedBy: {
      what: "requests taking more than 0.1 s on average",
      expression:
        "sum(rate(http_request_duration_seconds_sum[2s])) / sum(rate(http_request_duration_seconds_count[2s])) > bool 0.1",
    },
  },
  {
    name: "outbox-stuck",
    summary: "The statement that marks events as dispatched fails repeatedly, while orders write new events.",
    madeFor: "spark",
    environment: {},
    load: EVERYDAY,
    acts: [queryError({ pattern: "outbox_events SET dispatched_at" })],
    moves: ["outbox_oldest_age_seconds", "outbox_pending_events", "outbox_dispatched_total"],
    endsSeries: false,
    triggers: ["OutboxLagExplosion"],
    confirmedBy: {
      what: "a growing number of pending events",
      expression: "sum(deriv(outbox_pending_events[4s]))",
    },
  },
  {
    name: "connections-leaked",
    summary: "The platform does not return connections when a transaction fails, and some transactions fail.",
    madeFor: "spark",
    environment: plantedDefect("pool-leak"),
    load: EVERYDAY,
    acts: [queryError({ pattern: "INSERT INTO fills", first: 4 })],
    moves: ["db_pool_connections", "db_pool_waiting_requests"],
    endsSeries: false,
    triggers: ["DatabaseConnectionLeak"],
    confirmedBy: {
      what: "connections that are never idle",
      expression: 'min_over_time(sum(db_pool_connections{state="active"})[2s:250ms])',
    },
  },
  {
    name: "rows-rewritten",
    summary: "The dispatcher marks every event ever written in each round, and so creates as many dead rows.",
    madeFor: "spark",
    environment: plantedDefect("outbox-restamp"),
    load: LOOKING,
    acts: [{ kind: "load", what: "30 orders a second", load: placing(30) }],
    moves: ["pg_stat_user_tables_n_dead_tup", "pg_stat_user_tables_n_live_tup"],
    endsSeries: false,
    triggers: ["DeadTuplesBloat"],
    confirmedBy: {
      what: "more than 10,000 dead rows in a table",
      expression: 'max(pg_stat_user_tables_n_dead_tup{relname="outbox_events"}) > bool 10000',
    },
  },
  {
    name: "past-the-pooler",
    summary: "A program connects to Postgres without the pooler, and stays connected.",
    madeFor: null,
    environment: {},
    load: LOOKING,
    acts: [faultAct({ kind: "hold-connections", link: "postgres", connections: 10 })],
    moves: ["pg_stat_activity_count"],
    endsSeries: false,
    triggers: ["ConnectionCreep"],
    confirmedBy: {
      what: "10 connections with an idle transaction",
      expression: 'sum(pg_stat_activity_count{state="idle in transaction"}) >= bool 10',
    },
  },
];
