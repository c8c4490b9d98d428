import { defineScenario, ORDINARY_CONDITIONS } from "../harness/index.ts";

/**
 * Some frames of the exchanges' depth streams are lost. From then on the book is wrong, and only
 * sequence numbers show it.
 */
export const feedGap = defineScenario({
  name: "feed-gap",
  tags: ["nightly"],
  hypothesis:
    "When Binance's stream loses a frame, the gap is detected by its sequence numbers and the book is rebuilt.",
  faults: [
    {
      fault: {
        kind: "venue-misbehavior",
        link: "binance-ws",
        venue: "binance",
        misbehavior: "gap",
        every: 10,
      },
      forMs: 4_000,
    },
    {
      fault: {
        kind: "venue-misbehavior",
        link: "btcturk-ws",
        venue: "btcturk",
        misbehavior: "gap",
        every: 2,
      },
      forMs: 4_000,
    },
  ],
  expectation: {
    recoversWithinMs: 3_000,
    holds: [
      ...ORDINARY_CONDITIONS,
      {
        name: "a gap leads to a new book",
        expression: 'sum(feed_resyncs_total{feed="binance", reason="gap"})',
        limit: { atLeast: 1 },
      },
      {
        name: "a gap at BTCTurk leads to a new book",
        expression: 'sum(feed_resyncs_total{feed="btcturk", reason="gap"})',
        limit: { atLeast: 1 },
      },
    ],
  },
});
