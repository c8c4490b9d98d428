import { numberIn, queryRows, type TextRow, toTsv } from "../engine/sql.ts";
import type { ReadPart } from "./read-part.ts";

const MOST_CONNECTIONS = 0.9;
const LONGEST_TRANSACTION_SECONDS = 300;
const LONGEST_LOCK_SECONDS = 5;

const QUERIES = {
  connections: `SELECT count(*) AS connections, count(*) FILTER (WHERE state = 'active') AS active,
    count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS idle_in_transaction,
    current_setting('max_connections') AS max_connections,
    coalesce(max(extract(epoch FROM now() - xact_start)), 0) AS oldest_transaction_seconds,
    coalesce(max(extract(epoch FROM now() - query_start)) FILTER (WHERE wait_event_type = 'Lock'), 0) AS longest_lock_seconds
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  database: `SELECT datname, numbackends, xact_commit, xact_rollback, blks_read, blks_hit, deadlocks, conflicts,
    temp_files, checksum_failures, pg_database_size(datname) AS bytes
    FROM pg_stat_database WHERE datname = current_database()`,
  archiver: "SELECT archived_count, failed_count, last_archived_wal, last_failed_wal FROM pg_stat_archiver",
  "dead tuples": `SELECT relname, n_live_tup, n_dead_tup, last_autovacuum FROM pg_stat_user_tables
    ORDER BY n_dead_tup DESC, relname LIMIT 5`,
} as const;

/** What a person would paste to read the same. */
export const DATABASE_COMMAND = `psql "$DATABASE_URL" -c 'SELECT * FROM pg_stat_activity' -c 'SELECT * FROM pg_stat_database'`;

/** Reads the health of Postgres: connections, transactions, locks, the archiver, dead tuples. */
export async function readDatabase(database: string, signal: AbortSignal): Promise<ReadPart> {
  const results = await queryRows(database, Object.values(QUERIES), signal);
  const body = Object.keys(QUERIES).map((name, index) => `# ${name}\n${toTsv(results[index] ?? [])}`);
  return { body: body.join("\n"), problems: problemsOf(results[0]?.[0], results[1]?.[0]), missing: [] };
}

function problemsOf(activity: TextRow | undefined, database: TextRow | undefined): readonly string[] {
  const connections = numberIn(activity, "connections");
  const most = numberIn(activity, "max_connections");
  const transaction = numberIn(activity, "oldest_transaction_seconds");
  const lock = numberIn(activity, "longest_lock_seconds");
  // Null where a cluster has no checksums.
  const checksums = Number(database?.checksum_failures ?? 0);
  return [
    ...(connections >= most * MOST_CONNECTIONS ? [`${connections} of ${most} connections are used`] : []),
    ...(transaction > LONGEST_TRANSACTION_SECONDS
      ? [`a transaction is open since ${transaction.toFixed(0)} s, more than ${LONGEST_TRANSACTION_SECONDS}`]
      : []),
    ...(lock > LONGEST_LOCK_SECONDS
      ? [`a query waits for a lock since ${lock.toFixed(0)} s, more than ${LONGEST_LOCK_SECONDS}`]
      : []),
    ...(checksums > 0 ? [`${checksums} pages have a wrong checksum`] : []),
  ];
}
