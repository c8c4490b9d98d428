import { ALL_INVARIANTS, type Scenario } from "../harness/index.ts";
import { ORDINARY_CONDITIONS, ORDINARY_LOAD, ORDINARY_TIMING } from "./ordinary.ts";
import { NO_STALE_PRICE } from "./stale-price.ts";

/**
 * The worst kind of broken feed: connected, and silent. Prices look fine and are old. Meanwhile another feed cannot be
 * reached at all for a while: it is to be tried again and again, but not as fast as a machine can.
 */
export const feedSilent: Scenario = {
  name: "feed-silent",
  hypothesis:
    "When Binance's stream falls silent with its socket open, the staleness trigger fires and the book resyncs after.",
  load: ORDINARY_LOAD,
  timing: ORDINARY_TIMING,
  faults: [
    {
      fault: { kind: "silence", link: "binance-ws", stream: "downstream", toxicity: 1, timeoutMs: 0 },
      afterMs: 0,
      forMs: 8_000,
    },
    // Whoever waits longer each time tries some eight times, and is back before the first fault is healed.
    {
      fault: { kind: "reset-peer", link: "bist-ws", stream: "downstream", toxicity: 1, timeoutMs: 0 },
      afterMs: 0,
      forMs: 3_000,
      mayBite: 30,
    },
  ],
  expectation: {
    fires: ["FeedStale"],
    mayFire: [],
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
    invariants: ALL_INVARIANTS,
  },
};
