import { describe, expect, it } from "vitest";
import type { QuoteComparison } from "../observation/probes/compare-quotes.ts";
import type { RecordedQuotes } from "../observation/probes/quote-recorder.ts";
import { quotes, soundState } from "./final-state-fixture.ts";
import { quotesAgree } from "./quotes-agree.ts";

const judged = (change: Partial<QuoteComparison>, recorded: Partial<RecordedQuotes> = {}) =>
  quotesAgree.check({ ...soundState(), quotes: quotes(change, recorded) });

describe("the quotes of a platform", () => {
  it("pass when they are the best prices of the venue, or were a moment ago", () => {
    expect(judged({})).toMatchObject({ verdict: "pass" });
    expect(judged({ pushed: { bid: "61837.6", ask: "61837.61" } })).toMatchObject({ verdict: "pass" });
  });

  it("fail when they are outdated, or have bid and ask swapped", () => {
    expect(judged({ asked: { bid: "61830", ask: "61831" } })).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("a request returned 61830 / 61831"),
    });
    const swapped = { bid: "61837.64", ask: "61837.63" };
    expect(judged({ pushed: swapped })).toMatchObject({ verdict: "fail" });
  });

  it("fail when they are missing", () => {
    expect(judged({ pushed: null })).toMatchObject({
      verdict: "fail",
      received: expect.stringContaining("the stream's last quote nothing"),
    });
  });

  it("fail by time when no other is wrong than one that is missing, or when they were hardly compared", () => {
    expect(judged({ asked: null })).toMatchObject({ verdict: "fail", basis: "time" });
    const wrong = { bid: "61830", ask: "61831" };
    expect(judged({ asked: null, pushed: wrong })).not.toHaveProperty("basis");
    const hardly = { ...quotes({ pushed: wrong }), times: 2 };
    const state = { ...soundState(), quotes: hardly };
    expect(quotesAgree.check(state)).toMatchObject({ verdict: "fail", basis: "time" });
    const crossed = [{ venue: "binance", symbol: "BTCUSDT", bid: "61840", ask: "61839" }];
    const swapped = { ...hardly, recorded: { ...hardly.recorded, crossed } };
    expect(quotesAgree.check({ ...state, quotes: swapped })).not.toHaveProperty("basis");
  });

  it("fail when one was ever crossed", () => {
    const crossed = { venue: "binance", symbol: "BTCUSDT", bid: "61840", ask: "61839" };
    expect(judged({}, { crossed: [crossed] })).toMatchObject({
      verdict: "fail",
      received: "BTCUSDT at binance was bid 61840 and offered at 61839",
    });
  });
});
