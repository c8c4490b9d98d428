/**
 * What must have happened at least once in an exploration that is worth something, by the platform's own counters.
 * What never came true was not tested.
 */
export const SOMETIMES: Readonly<Record<string, string>> = {
  "an unknown outcome": 'sum(orders_total{outcome="unknown"})',
  "an order found again by a lookup": 'sum(orders_reconciled_total{result="found"})',
  "an order that never arrived": 'sum(orders_reconciled_total{result="never_arrived"})',
  "an order followed to its end": 'sum(orders_reconciled_total{result="updated"})',
  "a lookup that failed": 'sum(orders_reconciled_total{result="lookup_failed"})',
  "an order certainly not sent": 'sum(orders_total{outcome="not_sent"})',
  "an order refused by its venue": 'sum(orders_total{outcome="rejected"})',
  "an order blocked by a limit": "sum(risk_blocks_total)",
  "a conflict of keys": "sum(idempotency_conflicts_total)",
  "a book loaded anew": "sum(feed_resyncs_total)",
  "an event delivered": "sum(outbox_dispatched_total)",
};
