import { ALL_INVARIANTS, type Condition, type Scenario } from "../harness/index.ts";
import { ORDINARY_CONDITIONS, ORDINARY_LOAD, ORDINARY_TIMING } from "./ordinary.ts";

/**
 * Orders that Binance took within a second through all of which its feed was older than the platform's limit
 * of 3 s: half a second more, so that an order under way at that moment is none. Without such a second there
 * is no value.
 */
const NO_STALE_PRICE: Condition = {
  name: "orders taken off a stale book",
  expression: `max_over_time((
    increase(orders_total{venue="binance", outcome="accepted"}[1s])
      and on () (min_over_time(feed_staleness_seconds{feed="binance"}[1s]) > 3.5)
  )[30s:200ms])`,
  limit: { atMost: 0 },
};

/**
 * The feed that fools a heartbeat: the socket is open, every ping is answered, and no data comes. Only the
 * age of what was last said can tell.
 */
export const wsFramesSwallowed: Scenario = {
  name: "ws-frames-swallowed",
  hypothesis:
    "When Binance's stream loses its data but answers pings, FeedStale fires and nothing is priced off the old book.",
  load: ORDINARY_LOAD,
  timing: ORDINARY_TIMING,
  faults: [
    {
      fault: { kind: "ws-swallow", link: "binance-ws", stream: "downstream", toxicity: 1, pattern: "" },
      afterMs: 0,
      forMs: 8_000,
    },
  ],
  expectation: {
    fires: ["FeedStale"],
    mayFire: [],
    recoversWithinMs: 5_000,
    happens: [
      {
        name: "the silence is noticed",
        expression: 'sum(feed_resyncs_total{feed="binance", reason="silent"})',
      },
      { name: "a stale book blocks orders", expression: 'sum(risk_blocks_total{reason="stale_book"})' },
    ],
    holds: [...ORDINARY_CONDITIONS, NO_STALE_PRICE],
    invariants: ALL_INVARIANTS,
  },
};
