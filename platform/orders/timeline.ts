/**
 * The timeline on which the server writes, in SQL. A restore and a failover begin another one, at once and whatever
 * else they change; the name of the current segment of the log begins with it.
 */
export const TIMELINE = "left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)";

/**
 * Whether the database has all orders that the venues know, as an SQL condition: part of each statement by which a
 * client is answered, since the database may be restored between two statements.
 */
export const IS_RECONCILED = `EXISTS (SELECT FROM reconciled_timelines WHERE timeline = ${TIMELINE})`;
