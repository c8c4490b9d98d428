import type { Sample } from "../sample-store.ts";
import { columnSamples, sampleOf } from "./column-samples.ts";
import { ConsoleConnection, type TextRow } from "./console-connection.ts";
import type { Source } from "./source.ts";

/** The columns that are read, and the metric of each, named as in the community's pgbouncer_exporter. */
const POOL_METRICS: Readonly<Record<string, string>> = {
  cl_active: "pgbouncer_pools_client_active_connections",
  cl_waiting: "pgbouncer_pools_client_waiting_connections",
  sv_active: "pgbouncer_pools_server_active_connections",
  sv_idle: "pgbouncer_pools_server_idle_connections",
  sv_used: "pgbouncer_pools_server_used_connections",
  sv_login: "pgbouncer_pools_server_login_connections",
};
const DATABASE_METRICS: Readonly<Record<string, string>> = {
  pool_size: "pgbouncer_databases_pool_size",
  current_connections: "pgbouncer_databases_current_connections",
  max_connections: "pgbouncer_databases_max_connections",
};
/** Totals since pgBouncer's start; times are in microseconds. */
const STATS_METRICS: Readonly<Record<string, string>> = {
  total_xact_count: "pgbouncer_stats_sql_transactions_pooled_total",
  total_query_count: "pgbouncer_stats_queries_pooled_total",
  total_xact_time: "pgbouncer_stats_server_in_transaction_seconds_total",
  total_query_time: "pgbouncer_stats_queries_duration_seconds_total",
  total_wait_time: "pgbouncer_stats_client_wait_seconds_total",
};
/** The metrics of the pooler. */
export const POOLER_METRICS: readonly string[] = [POOL_METRICS, DATABASE_METRICS, STATS_METRICS].flatMap(
  (columns) => Object.values(columns),
);
const ADMIN_DATABASE = "pgbouncer";
const MICROSECONDS_PER_SECOND = 1_000_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 1_000;

/**
 * Reads pgBouncer's admin console (`SHOW POOLS`, `SHOW DATABASES`, `SHOW STATS`), which supports only
 * the simple query protocol.
 *
 * `pgbouncer_databases_pool_size` has one series for each pool, with its `user`, since the size applies to
 * each.
 */
export function pgbouncerSource(options: {
  readonly name: string;
  /** `postgres://user@host:port/pgbouncer`; the user must be one of pgBouncer's `stats_users` or `admin_users`. */
  readonly connectionString: string;
  readonly connectTimeoutMs?: number;
}): Source {
  const { name, connectionString, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const connection = new ConsoleConnection(connectionString, connectTimeoutMs);
  return {
    name,
    target: { job: name, instance: connection.instance },
    async collect(signal) {
      const [pools = [], databases = [], stats = []] = await connection.queryAll(
        ["SHOW POOLS", "SHOW DATABASES", "SHOW STATS"],
        signal,
      );
      return [
        ...ofUsers(pools).flatMap((pool) => poolSamples(pool, databases)),
        ...ofUsers(stats).flatMap(totalSamples),
      ];
    },
    close: () => connection.close(),
  };
}

/** The console's own database is skipped. */
function ofUsers(rows: readonly TextRow[]): readonly TextRow[] {
  return rows.filter((row) => row.database !== ADMIN_DATABASE);
}

function poolSamples(pool: TextRow, databases: readonly TextRow[]): Sample[] {
  const labels = { database: pool.database ?? "", user: pool.user ?? "" };
  const database = databases.find((row) => row.name === pool.database);
  const waitedSeconds = Number(pool.maxwait ?? 0) + Number(pool.maxwait_us ?? 0) / MICROSECONDS_PER_SECOND;
  return [
    ...columnSamples(pool, POOL_METRICS, labels),
    sampleOf("pgbouncer_pools_client_maxwait_seconds", labels, waitedSeconds),
    ...(database === undefined ? [] : columnSamples(database, DATABASE_METRICS, labels)),
  ];
}

function totalSamples(row: TextRow): Sample[] {
  const labels = { database: row.database ?? "" };
  return Object.entries(STATS_METRICS).flatMap(([column, metric]) => {
    const total = row[column];
    if (total === undefined || total === null) return [];
    return [
      sampleOf(metric, labels, Number(total) / (column.endsWith("_time") ? MICROSECONDS_PER_SECOND : 1)),
    ];
  });
}
