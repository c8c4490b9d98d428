import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/index.ts";
import { placement } from "../../invariants/final-state-fixture.ts";
import { serve } from "../../testing/http-page.ts";
import { sparkAt } from "../../testing/spark-api.ts";
import { compareQuotes, QUOTES_WITHIN_MS } from "./compare-quotes.ts";

const BOOK = {
  ...{ symbol: "BTCUSDT", bid: "61837.63000000", ask: "61837.64000000" },
  recent: [
    { bid: "61837.60000000", ask: "61837.61000000" },
    { bid: "61837.63000000", ask: "61837.64000000" },
  ],
};
const BEST = { bid: "61837.63", ask: "61837.64" };
const QUOTE = { venue: "binance", symbol: "BTCUSDT", ...BEST };
const RECORDED = { count: 7, crossed: [], last: [QUOTE] };

describe("the comparison of quotes with the venues' books", () => {
  it("retries for as long as a feed may take", async () => {
    let asked = 0;
    await using page = await serve((request, response) => {
      if (request.url === "/books") return response.end(JSON.stringify([BOOK]));
      asked += 1;
      return response.end(JSON.stringify(asked < 3 ? { bid: "1", ask: "2" } : BEST));
    });
    const sources = {
      ...{ api: sparkAt(page.url), venueControl: page.url, clock: systemClock, withinMs: QUOTES_WITHIN_MS },
      operations: [placement({})],
      snapshot: () => RECORDED,
    };
    const { comparisons, times } = await compareQuotes(sources, new AbortController().signal);
    expect(comparisons).toMatchObject([
      { venue: "binance", symbol: "BTCUSDT", book: BOOK, asked: BEST, pushed: BEST },
    ]);
    expect([asked, times]).toEqual([3, 3]);
  });
});
