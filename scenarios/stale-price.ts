import type { Condition } from "../signals/index.ts";
import type { TradingVenueName } from "../venues/index.ts";

/**
 * Orders that a venue accepted in a second during all of which its feed was older than 3.5 s. The platform's
 * limit is 3 s; the margin excludes orders that were in progress when the limit was passed. Without such a
 * second the query has no value, and the check is inconclusive.
 */
export function noStalePrice(venue: TradingVenueName): Condition {
  return {
    name: "orders priced from a stale book",
    expression: `max_over_time((
    increase(orders_total{venue="${venue}", outcome="accepted"}[1s])
      and on () (min_over_time(feed_staleness_seconds{feed="${venue}"}[1s]) > 3.5)
  )[30s:200ms])`,
    limit: { atMost: 0 },
    quantity: "amount",
    basis: "schedule",
  };
}
