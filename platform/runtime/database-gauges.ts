import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics.ts";

/**
 * Updates gauges from the database in the background, so that a scrape answers even when the database does
 * not.
 */
export async function refreshDatabaseGauges(database: Database, metrics: Metrics): Promise<void> {
  const [row] = await database.query<{
    unknown: string;
    keys: string;
    pending: string;
    oldest: number | null;
  }>(
    `SELECT (SELECT count(*) FROM orders WHERE status = 'UNKNOWN') AS unknown,
       (SELECT count(*) FROM idempotency_keys) AS keys,
       (SELECT count(*) FROM outbox_events WHERE dispatched_at IS NULL) AS pending,
       (SELECT extract(epoch FROM clock_timestamp() - min(created_at))::float8 FROM outbox_events
        WHERE dispatched_at IS NULL) AS oldest`,
  );
  if (row === undefined) return;
  metrics.ordersUnknown.set(Number(row.unknown));
  metrics.idempotencyKeys.set(Number(row.keys));
  metrics.outboxPending.set(Number(row.pending));
  metrics.outboxOldestAge.set(Math.max(0, row.oldest ?? 0));
}
