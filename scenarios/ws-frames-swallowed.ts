import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";
import { NO_STALE_PRICE } from "./stale-price.ts";

/**
 * The feed that fools a heartbeat: the socket is open, every ping is answered, and no data comes. Only the
 * age of what was last said can tell. For a while it is so at both exchanges.
 */
export const wsFramesSwallowed = defineScenario({
  name: "ws-frames-swallowed",
  hypothesis:
    "When Binance's stream loses its data but answers pings, FeedStale fires and nothing is priced off the old book.",
  faults: [
    { fault: { kind: "ws-swallow", link: "binance-ws" }, forMs: 8_000 },
    { fault: { kind: "ws-swallow", link: "btcturk-ws" }, forMs: 4_500 },
  ],
  expectation: {
    fires: ["FeedStale"],
    recoversWithinMs: 5_000,
    happens: [
      {
        name: "the silence is noticed",
        expression: 'sum(feed_resyncs_total{feed="binance", reason="silent"})',
      },
      { name: "a stale book blocks orders", expression: 'sum(risk_blocks_total{reason="stale_book"})' },
    ],
    holds: [
      ...ORDINARY_CONDITIONS,
      NO_STALE_PRICE,
      {
        name: "seconds for which BTCTurk is known to be silent",
        expression: 'max_over_time(feed_staleness_seconds{feed="btcturk"}[30s])',
        limit: { atLeast: 3.5 },
      },
    ],
  },
});
