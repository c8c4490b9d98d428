import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";
import type { TradingVenueName } from "../venues/index.ts";
import { titleOf } from "./main-venue.ts";
import { noStalePrice } from "./stale-price.ts";

/** As `feed-silent`, at BTCTurk: for platforms that do not trade Binance. */
export const btcturkFeedSilent = feedSilentAt("btcturk", "btcturk-feed-silent");

export const feedSilent = feedSilentAt("binance", "feed-silent");

/**
 * A feed that stays connected but sends nothing: prices look valid and are old. Meanwhile another feed
 * cannot be reached at all: the platform must reconnect to it, with a growing delay between attempts.
 */
function feedSilentAt(venue: TradingVenueName, name: string) {
  return defineScenario({
    name,
    tags: ["short", "nightly"],
    hypothesis: `When ${titleOf(venue)}'s stream falls silent with its socket open, the staleness trigger fires and the book is rebuilt afterwards.`,
    faults: [
      { fault: { kind: "silence", link: `${venue}-ws` }, forMs: 8_000 },
      // With a growing delay there are about eight attempts, and the feed is back before the first fault is healed.
      { fault: { kind: "reset-peer", link: "bist-ws" }, forMs: 3_000, maxBites: 30 },
    ],
    expectation: {
      fires: ["FeedStale"],
      recoversWithinMs: 5_000,
      happens: [
        { name: "the order book is rebuilt", expression: `sum(feed_resyncs_total{feed="${venue}"})` },
      ],
      holds: [
        ...ORDINARY_CONDITIONS,
        noStalePrice(venue),
        {
          name: "reported staleness of the unreachable feed in seconds",
          expression: 'max_over_time(feed_staleness_seconds{feed="bist"}[30s])',
          limit: { atLeast: 2 },
        },
      ],
    },
  });
}
