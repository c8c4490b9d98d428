import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";
import { NO_STALE_PRICE } from "./stale-price.ts";

/**
 * A feed that stays connected but sends nothing: prices look valid and are old. Meanwhile another feed
 * cannot be reached at all: the platform must reconnect to it, with a growing delay between attempts.
 */
export const feedSilent = defineScenario({
  name: "feed-silent",
  hypothesis:
    "When Binance's stream falls silent with its socket open, the staleness trigger fires and the book resyncs after.",
  faults: [
    { fault: { kind: "silence", link: "binance-ws" }, forMs: 8_000 },
    // With a growing delay there are about eight attempts, and the feed is back before the first fault is healed.
    { fault: { kind: "reset-peer", link: "bist-ws" }, forMs: 3_000, maxBites: 30 },
  ],
  expectation: {
    fires: ["FeedStale"],
    recoversWithinMs: 5_000,
    happens: [{ name: "the order book is rebuilt", expression: 'sum(feed_resyncs_total{feed="binance"})' }],
    holds: [
      ...ORDINARY_CONDITIONS,
      NO_STALE_PRICE,
      {
        name: "reported staleness of the unreachable feed in seconds",
        expression: 'max_over_time(feed_staleness_seconds{feed="bist"}[30s])',
        limit: { atLeast: 2 },
      },
    ],
  },
});
