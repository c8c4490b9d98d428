import { averagePrice, type DayStatistics } from "../market/day-statistics.ts";
import type { SymbolMarket } from "../market/market.ts";
import { formatTrimmed, ONE, type Units } from "../market/units.ts";
import type { BtcturkPair } from "./btcturk-pairs.ts";

/** A pair's ticker with exact values; REST writes them as numbers, the feed as strings. */
export interface Ticker {
  readonly last: Units;
  readonly high: Units;
  readonly low: Units;
  readonly open: Units;
  readonly bid: Units;
  readonly ask: Units;
  readonly bidAmount: Units;
  readonly askAmount: Units;
  readonly volume: Units;
  readonly average: Units;
  readonly daily: Units;
  readonly dailyPercent: string;
}

/** The current ticker. Before the first trade every price is the best bid. */
export function tickerOf({ symbol, book }: SymbolMarket, statistics: DayStatistics): Ticker {
  const [bid, bidAmount] = book.top("bids", 1)[0] ?? [0n, 0n];
  const [ask, askAmount] = book.top("asks", 1)[0] ?? [0n, 0n];
  const traded = statistics.of(symbol);
  const { last, high, low, open, volume } = traded ?? {
    last: bid,
    high: bid,
    low: bid,
    open: bid,
    volume: 0n,
  };
  const daily = last - open;
  const dailyPercent = open === 0n ? "0" : formatTrimmed((((daily * 10_000n) / open) * ONE) / 100n);
  const average = traded === undefined ? bid : averagePrice(traded);
  return { last, high, low, open, bid, ask, bidAmount, askAmount, volume, average, daily, dailyPercent };
}

/** The ticker as REST returns it. */
export function tickerView(pair: BtcturkPair, ticker: Ticker, nowMs: number): Record<string, unknown> {
  const price = (units: Units): number => Number(formatTrimmed(units));
  return {
    pair: pair.symbol,
    pairNormalized: pair.normalized,
    timestamp: nowMs,
    last: price(ticker.last),
    high: price(ticker.high),
    low: price(ticker.low),
    bid: price(ticker.bid),
    ask: price(ticker.ask),
    open: price(ticker.open),
    volume: price(ticker.volume),
    average: price(ticker.average),
    daily: price(ticker.daily),
    dailyPercent: Number(ticker.dailyPercent),
    denominatorSymbol: pair.quote,
    numeratorSymbol: pair.base,
    order: 2_000,
  };
}

/** The ticker in the feed's model 402, without channel and type. */
export function tickerFields(pair: BtcturkPair, ticker: Ticker): Record<string, unknown> {
  return {
    B: formatTrimmed(ticker.bid),
    A: formatTrimmed(ticker.ask),
    BA: formatTrimmed(ticker.bidAmount),
    AA: formatTrimmed(ticker.askAmount),
    PS: pair.symbol,
    H: formatTrimmed(ticker.high),
    L: formatTrimmed(ticker.low),
    LA: formatTrimmed(ticker.last),
    O: formatTrimmed(ticker.open),
    V: formatTrimmed(ticker.volume),
    AV: formatTrimmed(ticker.average),
    D: formatTrimmed(ticker.daily),
    DP: ticker.dailyPercent,
    DS: pair.quote,
    NS: pair.base,
    PId: pair.id,
  };
}
