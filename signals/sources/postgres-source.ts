import { columnSamples } from "./column-samples.ts";
import { ConsoleConnection } from "./console-connection.ts";
import type { Source } from "./source.ts";

const TABLE_METRICS: Readonly<Record<string, string>> = {
  n_dead_tup: "pg_stat_user_tables_n_dead_tup",
  n_live_tup: "pg_stat_user_tables_n_live_tup",
};
const ACTIVITY_METRICS: Readonly<Record<string, string>> = { count: "pg_stat_activity_count" };
const LOCK_METRICS: Readonly<Record<string, string>> = { waiting: "pg_locks_waiting_count" };
const DEFAULT_CONNECT_TIMEOUT_MS = 1_000;

const TABLES = `
  SELECT current_database() AS datname, schemaname, relname, n_dead_tup, n_live_tup FROM pg_stat_user_tables`;
/**
 * All states are listed even when no connection is in them, so that their series do not appear and disappear.
 */
const ACTIVITY = `
  SELECT d.datname, s.state, count(a.pid) AS count
  FROM pg_database d
  CROSS JOIN (VALUES ('active'), ('idle'), ('idle in transaction')) AS s(state)
  LEFT JOIN pg_stat_activity a ON a.datname = d.datname AND a.state = s.state AND a.pid <> pg_backend_pid()
  WHERE d.datallowconn AND NOT d.datistemplate
  GROUP BY d.datname, s.state`;
const LOCKS = `
  SELECT current_database() AS datname, count(*) FILTER (WHERE NOT granted) AS waiting FROM pg_locks`;

/**
 * Reads Postgres's statistics views: dead and live rows by table, connections by state (except its own), and
 * locks that are waited for. Named as in the community's postgres_exporter where it has the metric.
 */
export function postgresSource(options: {
  readonly name: string;
  /** A direct connection, not through a pooler: `postgres://user@host:port/database`. */
  readonly connectionString: string;
  readonly connectTimeoutMs?: number;
}): Source {
  const { name, connectionString, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const connection = new ConsoleConnection(connectionString, connectTimeoutMs);
  return {
    name,
    target: { job: name, instance: connection.instance },
    async collect(signal) {
      const queries = [TABLES, ACTIVITY, LOCKS];
      const [tables = [], activity = [], locks = []] = await connection.queryAll(queries, signal);
      return [
        ...tables.flatMap((row) =>
          columnSamples(row, TABLE_METRICS, {
            datname: row.datname ?? "",
            schemaname: row.schemaname ?? "",
            relname: row.relname ?? "",
          }),
        ),
        ...activity.flatMap((row) =>
          columnSamples(row, ACTIVITY_METRICS, { datname: row.datname ?? "", state: row.state ?? "" }),
        ),
        ...locks.flatMap((row) => columnSamples(row, LOCK_METRICS, { datname: row.datname ?? "" })),
      ];
    },
    close: () => connection.close(),
  };
}
