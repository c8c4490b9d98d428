import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";
import { NO_STALE_PRICE } from "./stale-price.ts";

/**
 * The worst kind of broken feed: connected, and silent. Prices look fine and are old. Meanwhile another feed cannot be
 * reached at all for a while: it is to be tried again and again, but not as fast as a machine can.
 */
export const feedSilent = defineScenario({
  name: "feed-silent",
  hypothesis:
    "When Binance's stream falls silent with its socket open, the staleness trigger fires and the book resyncs after.",
  faults: [
    { fault: { kind: "silence", link: "binance-ws" }, forMs: 8_000 },
    // Whoever waits longer each time tries some eight times, and is back before the first fault is healed.
    { fault: { kind: "reset-peer", link: "bist-ws" }, forMs: 3_000, maxBites: 30 },
  ],
  expectation: {
    fires: ["FeedStale"],
    recoversWithinMs: 5_000,
    happens: [{ name: "the book is built anew", expression: 'sum(feed_resyncs_total{feed="binance"})' }],
    holds: [
      ...ORDINARY_CONDITIONS,
      NO_STALE_PRICE,
      {
        name: "seconds for which the unreachable feed is known to be silent",
        expression: 'max_over_time(feed_staleness_seconds{feed="bist"}[30s])',
        limit: { atLeast: 2 },
      },
    ],
  },
});
