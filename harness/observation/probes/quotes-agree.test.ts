import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/index.ts";
import { placement } from "../../invariants/final-state-fixture.ts";
import { serve } from "../../testing/http-page.ts";
import { compareQuotes, judgeQuotes, type QuoteComparison } from "./quotes-agree.ts";

const BOOK = {
  ...{ symbol: "BTCUSDT", bid: "61837.63000000", ask: "61837.64000000" },
  recent: [
    { bid: "61837.60000000", ask: "61837.61000000" },
    { bid: "61837.63000000", ask: "61837.64000000" },
  ],
};
const BEST = { bid: "61837.63", ask: "61837.64" };
const QUOTE = { venue: "binance", symbol: "BTCUSDT", ...BEST };
const NOTHING_CROSSED = { count: 7, crossed: [], last: [QUOTE] };

const compared = (change: Partial<QuoteComparison>): readonly QuoteComparison[] => [
  { venue: "binance", symbol: "BTCUSDT", book: BOOK, asked: BEST, pushed: BEST, ...change },
];

describe("the quotes of a platform", () => {
  it("pass when they are the best prices of the venue, or were a moment ago", () => {
    expect(judgeQuotes(compared({}), NOTHING_CROSSED)).toMatchObject({ verdict: "pass" });
    const before = { bid: "61837.6", ask: "61837.61" };
    expect(judgeQuotes(compared({ pushed: before }), NOTHING_CROSSED)).toMatchObject({ verdict: "pass" });
  });

  it("fail when they are of another time, or upside down", () => {
    const old = { bid: "61830", ask: "61831" };
    expect(judgeQuotes(compared({ asked: old }), NOTHING_CROSSED)).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("who asks gets 61830 / 61831"),
    });
    const swapped = { bid: BEST.ask, ask: BEST.bid };
    expect(judgeQuotes(compared({ pushed: swapped }), NOTHING_CROSSED)).toMatchObject({ verdict: "fail" });
  });

  it("fail when there are none", () => {
    expect(judgeQuotes(compared({ pushed: null }), NOTHING_CROSSED)).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("who listens was told nothing"),
    });
  });

  it("fail when one was ever crossed", () => {
    const crossed = { ...QUOTE, bid: "61840", ask: "61839" };
    expect(judgeQuotes(compared({}), { ...NOTHING_CROSSED, crossed: [crossed] })).toMatchObject({
      verdict: "fail",
      received: "BTCUSDT at binance was bid 61840 and offered at 61839",
    });
  });

  it("prove nothing when no market was traded", () => {
    expect(judgeQuotes([], NOTHING_CROSSED)).toMatchObject({ verdict: "inconclusive" });
  });

  it("are waited for as long as a feed may take", async () => {
    let asked = 0;
    await using page = await serve((request, response) => {
      if (request.url === "/books") return response.end(JSON.stringify([BOOK]));
      asked += 1;
      return response.end(JSON.stringify(asked < 3 ? { bid: "1", ask: "2" } : BEST));
    });
    const sources = {
      ...{ baseUrl: page.url, venueControl: page.url, clock: systemClock },
      operations: [placement({})],
      heard: () => NOTHING_CROSSED,
    };
    const comparisons = await compareQuotes(sources, new AbortController().signal);
    expect(judgeQuotes(comparisons, NOTHING_CROSSED)).toMatchObject({ verdict: "pass" });
    expect(asked).toBe(3);
  });
});
