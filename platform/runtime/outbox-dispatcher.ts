import type { Database, Queryable } from "../database/database.ts";
import type { Defects } from "../defects.ts";
import type { Metrics } from "../metrics.ts";

/** An event as it was written, in the same transaction as the change that it reports. */
interface OutboxEvent {
  readonly id: string;
  readonly topic: string;
  readonly aggregate_id: string;
  readonly payload: unknown;
}

/** Receives every event at least once, and those of one aggregate in the order of writing. */
export type OutboxSubscriber = (event: OutboxEvent) => void;

const BATCH = 100;
const RETENTION_MS = 60_000;

/**
 * Delivers one batch of pending events, marks them with the database's clock, and returns how many there
 * were. Rows that another dispatcher has locked are skipped, with the later ones of the same aggregates; after a crash
 * in between, a batch is delivered again.
 */
export async function dispatchBatch(
  database: Database,
  subscriber: OutboxSubscriber,
  metrics: Metrics,
  defects: Defects,
): Promise<number> {
  // DEFECT outbox-own-clock
  if (defects.has("outbox-own-clock")) {
    const olderThan = new Date(Date.now() - RETENTION_MS);
    await database.query("DELETE FROM outbox_events WHERE created_at < $1", [olderThan]);
  }
  const [pending] = await database.query("SELECT 1 FROM outbox_events WHERE dispatched_at IS NULL LIMIT 1");
  if (pending === undefined) return 0;
  return database.transaction(async (transaction) => {
    const locked = await transaction.query<OutboxEvent & Record<string, unknown>>(
      `SELECT id::text, topic, aggregate_id, payload FROM outbox_events WHERE dispatched_at IS NULL
       ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
    );
    const events = await inOrder(transaction, locked);
    for (const event of events) subscriber(event);
    const ids = events.map((event) => event.id);
    // DEFECT outbox-restamp
    const which = defects.has("outbox-restamp") ? "cardinality($1::bigint[]) > 0" : "id = ANY($1::bigint[])";
    await transaction.query(`UPDATE outbox_events SET dispatched_at = now() WHERE ${which}`, [ids]);
    metrics.outboxDispatched.inc(events.length);
    return events.length;
  });
}

/** Leaves out the events of an aggregate behind one that is pending, and that another dispatcher has. */
async function inOrder(from: Queryable, locked: readonly OutboxEvent[]): Promise<readonly OutboxEvent[]> {
  const ours = new Set(locked.map(({ id }) => id));
  const pending = await from.query<{ id: string; aggregate_id: string }>(
    `SELECT id::text, aggregate_id FROM outbox_events
     WHERE dispatched_at IS NULL AND id <= $1 AND aggregate_id = ANY($2) ORDER BY outbox_events.id`,
    [locked.at(-1)?.id ?? 0, locked.map((event) => event.aggregate_id)],
  );
  const held = new Set<string>();
  for (const { id, aggregate_id } of pending) {
    if (!ours.has(id)) held.add(aggregate_id);
    else if (held.has(aggregate_id)) ours.delete(id);
  }
  return locked.filter(({ id }) => ours.has(id));
}
