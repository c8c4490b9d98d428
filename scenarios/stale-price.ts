import type { Condition } from "../harness/index.ts";

/**
 * Orders that Binance took within a second through all of which its feed was older than the platform's limit
 * of 3 s: half a second more, so that an order under way at that moment is none. Without such a second there
 * is no value.
 */
export const NO_STALE_PRICE: Condition = {
  name: "orders taken off a stale book",
  expression: `max_over_time((
    increase(orders_total{venue="binance", outcome="accepted"}[1s])
      and on () (min_over_time(feed_staleness_seconds{feed="binance"}[1s]) > 3.5)
  )[30s:200ms])`,
  limit: { atMost: 0 },
};
