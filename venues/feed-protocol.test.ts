import { describe, expect, it } from "vitest";
import { feedSubscription } from "./feed-protocol.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];

describe("a subscription to market data", () => {
  it("names Binance's streams in the URL, and recognizes a change of a book", () => {
    const { path, messages, changedSymbol } = feedSubscription("streams", SYMBOLS);
    expect(path).toBe("/stream?streams=btcusdt@depth@100ms/ethusdt@depth@100ms");
    expect(messages).toEqual([]);
    expect(changedSymbol({ stream: "btcusdt@depth", data: { e: "depthUpdate", s: "BTCUSDT" } })).toBe(
      "BTCUSDT",
    );
    expect(changedSymbol({ data: { e: "trade", s: "BTCUSDT" } })).toBeNull();
  });

  it("joins a channel of BTCTurk for each symbol, whose first message is no change", () => {
    const { messages, changedSymbol } = feedSubscription("channels", SYMBOLS);
    expect(messages[1]).toBe('[151,{"type":151,"channel":"obdiff","event":"ETHUSDT","join":true}]');
    expect(changedSymbol([431, { PS: "ETHUSDT" }])).toBeNull();
    expect(changedSymbol([432, { PS: "ETHUSDT" }])).toBe("ETHUSDT");
  });

  it("sends one message for quotes", () => {
    const { messages, changedSymbol } = feedSubscription("quotes", SYMBOLS);
    expect(messages).toEqual(['{"type":"subscribe","symbols":["BTCUSDT","ETHUSDT"]}']);
    expect(changedSymbol({ type: "subscribed", symbols: SYMBOLS })).toBeNull();
    expect(changedSymbol({ type: "quote", symbol: "ETHUSDT" })).toBe("ETHUSDT");
  });

  it.each([
    null,
    1,
    "text",
    [],
    [432],
    { type: "quote" },
    { data: null },
    { data: { e: "depthUpdate", s: 1 } },
  ])("ignores %j", (message) => {
    for (const protocol of ["streams", "channels", "quotes"] as const) {
      expect(feedSubscription(protocol, SYMBOLS).changedSymbol(message)).toBeNull();
    }
  });
});
