import type { Condition } from "../harness/index.ts";

/**
 * Orders that Binance accepted in a second during all of which its feed was older than 3.5 s. The platform's
 * limit is 3 s; the margin excludes orders that were in progress when the limit was passed. Without such a
 * second the query has no value, and the check is inconclusive.
 */
export const NO_STALE_PRICE: Condition = {
  name: "orders priced from a stale book",
  expression: `max_over_time((
    increase(orders_total{venue="binance", outcome="accepted"}[1s])
      and on () (min_over_time(feed_staleness_seconds{feed="binance"}[1s]) > 3.5)
  )[30s:200ms])`,
  limit: { atMost: 0 },
};
