import type { HttpReply } from "../../http/http-server.ts";
import { json } from "../../http/http-server.ts";
import type { Candle } from "../../market/history/candle.ts";
import { type Interval, intervalOf } from "../../market/history/interval.ts";
import type { SymbolMarket } from "../../market/market.ts";
import { formatTrimmed, ONE, type Units } from "../../market/units.ts";
import { type BtcturkPair, btcturkPair } from "../btcturk-pairs.ts";
import { intervalOfResolution } from "../resolution.ts";
import {
  type BtcturkContext,
  type BtcturkEndpoint,
  type BtcturkParameters,
  listedPairs,
  pairMarketOf,
  success,
  wholeOf,
} from "./context.ts";

const MOST_CANDLES = 5_000;
const MAX_DAYS = 1_000;
const DAY = "1d";

/** The endpoints of the graph host, and the daily candles of v2. Times are in the tape's time. */
export const GRAPH_ENDPOINTS: Readonly<Record<string, BtcturkEndpoint>> = {
  "GET /v1/klines/history": { access: "public", answer: klines },
  "GET /v1/ohlcs": { access: "public", answer: ohlcs },
  "GET /api/v2/ohlc": { access: "public", answer: dailyCandles },
};

/** TradingView's bars: one list per field, times in seconds. */
function klines(context: BtcturkContext, { query }: BtcturkParameters): HttpReply {
  const pair = btcturkPair(query.get("symbol") ?? "");
  const market = pair === undefined ? undefined : context.market.symbol(pair.symbol);
  const interval = intervalOfResolution(query.get("resolution") ?? "");
  if (market === undefined || interval === undefined) return json(200, { s: "no_data" });
  const candles = candlesOf(market, interval, query);
  const list = (part: (candle: Candle) => number): number[] => candles.map(part);
  return json(200, {
    s: candles.length === 0 ? "no_data" : "ok",
    t: list(({ openMs }) => openMs / 1_000),
    o: list(({ open }) => numeric(open)),
    h: list(({ high }) => numeric(high)),
    l: list(({ low }) => numeric(low)),
    c: list(({ close }) => numeric(close)),
    v: list(({ volume }) => numeric(volume)),
  });
}

/** Daily candles of one pair or of all, oldest first, without an envelope. */
function ohlcs(context: BtcturkContext, { query }: BtcturkParameters): HttpReply {
  const name = query.get("pair");
  const pairs = name === null ? listedPairs(context.market) : [pairMarketOf(context, name).pair];
  const day = intervalOf(DAY);
  const rows = pairs.flatMap((pair) => {
    const market = context.market.symbol(pair.symbol);
    if (market === undefined || day === undefined) return [];
    return candlesOf(market, day, query).map((candle) => ({
      pair: pair.symbol,
      time: candle.openMs / 1_000,
      ...partsOf(candle),
      total: numeric(candle.quoteVolume),
      ...changeOf(candle),
    }));
  });
  return json(200, rows);
}

/** The last days of a pair in the envelope of v2, as its older documentation describes them. */
function dailyCandles(context: BtcturkContext, { query }: BtcturkParameters): HttpReply {
  const { pair, market } = pairMarketOf(context, query.get("pairSymbol"));
  const day = intervalOf(DAY);
  const limit = Math.min(Math.max(1, wholeOf(query, "last", MAX_DAYS)), MAX_DAYS);
  const candles =
    day === undefined ? [] : market.history.candles(day, { endMs: Number.POSITIVE_INFINITY, limit });
  return success(
    candles.map((candle) => dayView(pair, candle)),
    null,
  );
}

function dayView(pair: BtcturkPair, candle: Candle): Record<string, unknown> {
  return {
    pairSymbol: pair.symbol,
    pairSymbolNormalized: pair.normalized,
    time: candle.openMs,
    ...partsOf(candle),
    ...changeOf(candle),
  };
}

/** The candles between `from` and `to`, seconds since the epoch; `from` may be negative, as ccxt sends it. */
function candlesOf(market: SymbolMarket, interval: Interval, query: URLSearchParams): readonly Candle[] {
  const startMs = secondsOf(query, "from", 0) * 1_000;
  const endMs = secondsOf(query, "to", Number.MAX_SAFE_INTEGER / 1_000) * 1_000;
  return market.history
    .candles(interval, { endMs, limit: MOST_CANDLES })
    .filter(({ openMs }) => openMs >= startMs);
}

function secondsOf(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name) ?? "";
  return /^-?\d{1,13}(\.\d+)?$/.test(text) ? Number(text) : otherwise;
}

function partsOf({ open, high, low, close, volume }: Candle) {
  return {
    open: numeric(open),
    high: numeric(high),
    low: numeric(low),
    close: numeric(close),
    volume: numeric(volume),
  };
}

function changeOf({ open, close, volume, quoteVolume }: Candle) {
  const average = volume === 0n ? close : (quoteVolume * ONE) / volume;
  const percent = open === 0n ? 0 : (Number(close - open) / Number(open)) * 100;
  return {
    average: Math.round(numeric(average) * 100) / 100,
    dailyChangeAmount: numeric(close - open),
    dailyChangePercentage: Math.round(percent * 100) / 100,
  };
}

function numeric(units: Units): number {
  return Number(formatTrimmed(units));
}
