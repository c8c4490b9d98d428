import type { Database } from "../database/database.ts";
import type { Defects } from "../defects.ts";
import type { Metrics } from "../metrics.ts";

/** An event as it was written, in the transaction of the change that it tells. */
interface OutboxEvent {
  readonly id: string;
  readonly topic: string;
  readonly aggregate_id: string;
  readonly payload: unknown;
}

/** Gets every event at least once, and in the order of writing as far as one dispatcher is concerned. */
export type OutboxSubscriber = (event: OutboxEvent) => void;

const BATCH = 100;

/**
 * Hands pending events over and marks them with the database's clock, one batch, and returns how many there were.
 * Rows that another dispatcher has locked are skipped; a crash in between delivers a batch again.
 */
export async function dispatchBatch(
  database: Database,
  subscriber: OutboxSubscriber,
  metrics: Metrics,
  defects: Defects,
): Promise<number> {
  const [pending] = await database.query("SELECT 1 FROM outbox_events WHERE dispatched_at IS NULL LIMIT 1");
  if (pending === undefined) return 0;
  return database.transaction(async (transaction) => {
    const events = await transaction.query<OutboxEvent & Record<string, unknown>>(
      `SELECT id::text, topic, aggregate_id, payload FROM outbox_events WHERE dispatched_at IS NULL
       ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
    );
    for (const event of events) subscriber(event);
    const ids = events.map((event) => event.id);
    // DEFECT outbox-restamp
    const which = defects.has("outbox-restamp") ? "cardinality($1::bigint[]) > 0" : "id = ANY($1::bigint[])";
    await transaction.query(`UPDATE outbox_events SET dispatched_at = now() WHERE ${which}`, [ids]);
    metrics.outboxDispatched.inc(events.length);
    return events.length;
  });
}
