import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";
import { noStalePrice } from "./stale-price.ts";

/**
 * The socket is open and every ping is answered, but no data arrives. A heartbeat does not notice it: only the age of
 * the last message does. For some seconds both exchanges are affected.
 */
export const wsFramesSwallowed = defineScenario({
  name: "ws-frames-swallowed",
  tags: ["nightly"],
  hypothesis:
    "When Binance's stream loses its data but answers pings, FeedStale fires and no order is priced from the old book.",
  faults: [
    { fault: { kind: "ws-swallow", link: "binance-ws" }, forMs: 8_000 },
    { fault: { kind: "ws-swallow", link: "btcturk-ws" }, forMs: 4_500 },
  ],
  expectation: {
    fires: ["FeedStale"],
    recoversWithinMs: 5_000,
    happens: [
      {
        name: "the silent feed is detected",
        expression: 'sum(feed_resyncs_total{feed="binance", reason="silent"})',
      },
      { name: "a stale book blocks orders", expression: 'sum(risk_blocks_total{reason="stale_book"})' },
    ],
    holds: [
      ...ORDINARY_CONDITIONS,
      noStalePrice("binance"),
      {
        name: "reported staleness of the BTCTurk feed in seconds",
        expression: 'max_over_time(feed_staleness_seconds{feed="btcturk"}[30s])',
        limit: { atLeast: 3.5 },
      },
    ],
  },
});
