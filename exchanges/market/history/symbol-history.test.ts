import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TapeTrade } from "../tape/frame-codec.ts";
import { formatTrimmed, multiply, parseUnits } from "../units.ts";
import { type Interval, intervalOf } from "./interval.ts";
import { SymbolHistory } from "./symbol-history.ts";

const START_MS = Date.parse("2024-08-08T00:00:00Z");
const wire = { stream: "", envelope: Buffer.alloc(0), data: Buffer.alloc(0) };

function addTrades(history: SymbolHistory, ...trades: TapeTrade[]): SymbolHistory {
  for (const trade of trades) history.onMarketEvent({ kind: "trade", symbol: "BTCUSDT", wire, trade });
  return history;
}

function diff(history: SymbolHistory, eventMs: number): void {
  const diff = { firstUpdateId: 1, lastUpdateId: 1, eventMs, bids: [], asks: [] };
  history.onMarketEvent({ kind: "depth", symbol: "BTCUSDT", wire, diff });
}

const trade = (tradeId: number, seconds: number, price: string, quantity: string, buyerIsMaker = false) => ({
  ...{ tradeId, price: parseUnits(price), quantity: parseUnits(quantity), buyerIsMaker },
  tradeMs: START_MS + seconds * 1_000,
});

function interval(name: string): Interval {
  const known = intervalOf(name);
  if (known === undefined) throw new Error(`no interval ${name}`);
  return known;
}

describe("candles", () => {
  const traded = () =>
    addTrades(
      new SymbolHistory(),
      trade(1, 10, "100", "1"),
      trade(2, 20, "103", "2", true),
      trade(3, 50, "99", "1"),
      trade(4, 200, "101", "4"),
    );
  const all = { endMs: Number.POSITIVE_INFINITY, limit: 500 };

  it("contain first, highest, lowest and last price, volumes and ids", () => {
    const [first] = traded().candles(interval("1m"), all);
    expect(first).toMatchObject({
      ...{ openMs: START_MS, open: parseUnits("100"), high: parseUnits("103") },
      ...{ low: parseUnits("99"), close: parseUnits("99"), volume: parseUnits("4") },
      ...{ quoteVolume: parseUnits("405"), takerBuyVolume: parseUnits("2"), count: 3 },
      ...{ firstTradeId: 1, lastTradeId: 3 },
    });
  });

  it("are flat at the last price without trades", () => {
    const candles = traded().candles(interval("1m"), all);
    expect(candles.map(({ close, count }) => [formatTrimmed(close), count])).toEqual([
      ["99", 3],
      ["99", 0],
      ["99", 0],
      ["101", 1],
    ]);
  });

  it("are the last ones, or the first ones from a time on", () => {
    const opens = (range: object) =>
      traded()
        .candles(interval("1m"), { ...all, ...range })
        .map(({ openMs }) => (openMs - START_MS) / 60_000);
    expect(opens({ limit: 2 })).toEqual([2, 3]);
    expect(opens({ startMs: START_MS + 1, limit: 2 })).toEqual([1, 2]);
    expect(opens({ endMs: START_MS + 60_000 })).toEqual([0, 1]);
  });

  it("of years without trades are the last thousand", () => {
    const history = addTrades(
      new SymbolHistory(),
      trade(1, 0, "100", "1"),
      trade(2, 100_000_000, "101", "1"),
    );
    const candles = history.candles(interval("1s"), { ...all, limit: 5_000 });
    expect(candles).toHaveLength(1_002);
    expect(candles.at(-2)).toMatchObject({ openMs: START_MS + 99_999_999_000, count: 0 });
  });

  it("of any interval contain the same trades as those of seconds", () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 40,
    });
    const names = fc.constantFrom("1m", "3m", "5m", "15m", "1h", "1d", "1w", "1M");
    fc.assert(
      fc.property(gaps, names, (steps, name) => {
        const history = new SymbolHistory();
        let seconds = 0;
        const trades = steps.map(([gap, price], index) => {
          seconds += gap;
          return trade(index, seconds, String(price), "0.5");
        });
        addTrades(history, ...trades);
        const candles = history.candles(interval(name), all);
        const sum = (of: readonly { volume: bigint; quoteVolume: bigint; count: number }[]) =>
          of.map(({ volume, quoteVolume, count }) => [volume, quoteVolume, BigInt(count)]);
        const total = (rows: bigint[][]) =>
          rows.reduce(
            (left, right) => left.map((value, index) => value + (right[index] ?? 0n)),
            [0n, 0n, 0n],
          );
        expect(total(sum(candles))).toEqual([
          trades.reduce((volume, { quantity }) => volume + quantity, 0n),
          trades.reduce((quote, { price, quantity }) => quote + multiply(price, quantity), 0n),
          BigInt(trades.length),
        ]);
        const opens = candles.map(({ openMs }) => openMs);
        expect(opens.slice(1)).toEqual(opens.slice(0, -1).map((openMs) => interval(name).after(openMs)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("aggregate trades", () => {
  it("combine trades of one time, price and side, and are complete when another begins", () => {
    const history = addTrades(new SymbolHistory(), trade(7, 1, "100", "1"), trade(8, 1, "100", "2"));
    expect(history.log.aggregates).toEqual([]);
    addTrades(history, trade(9, 1, "100", "3", true), trade(10, 1, "101", "1", true));
    expect(
      history.log.aggregates.map(({ aggregateId, quantity, firstTradeId, lastTradeId }) => [
        ...[aggregateId, formatTrimmed(quantity), firstTradeId, lastTradeId],
      ]),
    ).toEqual([
      [7, "3", 7, 8],
      [8, "3", 9, 9],
    ]);
  });

  it("are complete when the book has changed", () => {
    const history = addTrades(new SymbolHistory(), trade(7, 1, "100", "1"));
    diff(history, START_MS + 1_100);
    expect(history.log.aggregatesSince(0)).toHaveLength(1);
    expect(history.log.aggregatesSince(history.log.aggregateCount)).toEqual([]);
  });
});

describe("statistics", () => {
  it("count the trades since a time, by whole minutes", () => {
    const history = addTrades(new SymbolHistory(), trade(1, 10, "100", "1"), trade(2, 130, "103", "2"));
    expect(history.since(START_MS + 90_000)).toMatchObject({ count: 1, open: parseUnits("103") });
    expect(history.since(START_MS + 59_000)).toMatchObject({ count: 2, open: parseUnits("100") });
    expect(history.since(START_MS + 180_000)).toBeUndefined();
  });

  it("weight the average price of the last minutes by volume", () => {
    const history = new SymbolHistory();
    expect(history.averagePrice(5)).toBeUndefined();
    addTrades(history, trade(1, 0, "50", "9"), trade(2, 301, "100", "1"), trade(3, 302, "103", "2"));
    expect(formatTrimmed(history.averagePrice(5)?.price ?? 0n)).toBe("102");
  });
});
