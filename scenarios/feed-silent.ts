import { ALL_INVARIANTS, type Scenario } from "../harness/index.ts";
import { ORDINARY_CONDITIONS, ORDINARY_LOAD, ORDINARY_TIMING } from "./ordinary.ts";

/** The worst kind of broken feed: connected, and silent. Prices look fine and are old. */
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
  ],
  expectation: {
    fires: ["FeedStale"],
    mayFire: [],
    recoversWithinMs: 5_000,
    happens: [{ name: "the book is built anew", expression: 'sum(feed_resyncs_total{feed="binance"})' }],
    holds: ORDINARY_CONDITIONS,
    invariants: ALL_INVARIANTS,
  },
};
