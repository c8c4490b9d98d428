/** How many segments wait to be archived, and for how long the oldest has. */
export const READ_WAITING = `SELECT count(*)::text AS waiting,
    coalesce(max(extract(epoch FROM clock_timestamp() - modification)), 0)::text AS oldest_seconds
  FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'`;

/** The process that archives; none runs between its death and its next start. */
export const ARCHIVERS =
  "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'archiver')::text AS archivers";

/** Ends the segment that is being written. Without something in it, Postgres would end none. */
export const SWITCH_SEGMENT: readonly string[] = [
  "SELECT pg_logical_emit_message(true, 'kanit', 'is this archived?')",
  "SELECT pg_walfile_name(pg_switch_wal()) AS segment",
];
