import { describe, expect, it } from "vitest";
import type { MarketEvent } from "./market-event.ts";
import { SilenceLog } from "./silence-log.ts";

const STARTED_AT_MS = 1_700_000_000_000;

/** A market of two symbols, and a clock that only the test moves. */
function market() {
  let passedMs = 0;
  const listeners: ((event: MarketEvent) => void)[] = [];
  const clock = { nowMs: () => STARTED_AT_MS + passedMs, monotonicMs: () => passedMs };
  const log = new SilenceLog(
    {
      symbols: [{ symbol: "BTCUSDT" }, { symbol: "ETHUSDT" }],
      onOpen: (listener) => listener(),
      subscribe: (listener) => void listeners.push(listener),
    },
    clock,
  );
  const tradeOf = (symbol: string, afterMs: number) => {
    passedMs += afterMs;
    for (const listener of listeners) listener({ kind: "bookTicker", symbol } as MarketEvent);
  };
  const pass = (durationMs: number) => {
    passedMs += durationMs;
  };
  const silences = () =>
    log.silences.map(
      ({ symbol, startedAtMs, endedAtMs }) =>
        `${symbol} ${startedAtMs - STARTED_AT_MS} to ${endedAtMs - STARTED_AT_MS}`,
    );
  return { tradeOf, silences, pass };
}

describe("the silences of a market", () => {
  it("are none while every symbol has events", () => {
    const { tradeOf, silences } = market();
    for (let round = 0; round < 20; round++) {
      tradeOf("BTCUSDT", 400);
      tradeOf("ETHUSDT", 400);
    }
    expect(silences()).toEqual([]);
  });

  it("tell of each symbol for itself, as of a recording in which one of two ends", () => {
    const { tradeOf, silences } = market();
    tradeOf("ETHUSDT", 200);
    for (let round = 0; round < 10; round++) tradeOf("BTCUSDT", 500);
    expect(silences(), "the silence that lasts").toEqual(["ETHUSDT 200 to 5200"]);
    tradeOf("ETHUSDT", 300);
    expect(silences(), "and when it is over").toEqual(["ETHUSDT 200 to 5500"]);
  });

  it("begin with the market, when a symbol never has an event", () => {
    const { silences, pass } = market();
    pass(2_000);
    expect(silences()).toEqual(["BTCUSDT 0 to 2000", "ETHUSDT 0 to 2000"]);
  });

  it("are kept up to a number, the longest of them", () => {
    const { tradeOf, silences } = market();
    tradeOf("BTCUSDT", 9_000);
    for (let round = 0; round < 300; round++) tradeOf("BTCUSDT", 1_500);
    expect(silences().filter((silence) => silence.startsWith("BTCUSDT"))).toHaveLength(100);
    expect(silences()).toContain("BTCUSDT 0 to 9000");
  });
});
