import type { SymbolMarket } from "../../market/market.ts";
import { formatUnits } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";
import { lastPriceOf, type Statistics, statisticsSince, touchOf } from "../market-view.ts";
import {
  type BinanceContext,
  body,
  type Endpoint,
  type EndpointResult,
  marketOf,
  namedSymbols,
  ofWantedStatus,
  symbolCountOf,
} from "./context.ts";
import { timeZoneMs } from "./klines.ts";
import type { Parameters } from "./parameters.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const WINDOW_RANGE = "^(([1-9]|[1-5][0-9])m|([1-9]|1[0-9]|2[0-3])h|[1-7]d)$";
/** In a computed window each symbol has weight 4, up to 200 for 50 symbols and more. */
const windowWeight = (parameters: Parameters): number => Math.min(200, 4 * (symbolCountOf(parameters) ?? 1));

/** Prices and statistics. */
export const TICKER_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET /api/v3/ticker/price": {
    access: "public",
    weight: (parameters) => (parameters.optional("symbol") === undefined ? 4 : 2),
    answer: (context, parameters) => each(context, parameters, priceView),
  },
  "GET /api/v3/ticker/bookTicker": {
    access: "public",
    weight: (parameters) => (parameters.optional("symbol") === undefined ? 4 : 2),
    answer: (context, parameters) => each(context, parameters, bookTickerView),
  },
  "GET /api/v3/ticker/24hr": { access: "public", weight: dayWeight, answer: dayTicker },
  "GET /api/v3/ticker/tradingDay": { access: "public", weight: windowWeight, answer: tradingDayTicker },
  "GET /api/v3/ticker": { access: "public", weight: windowWeight, answer: windowTicker },
};

function dayWeight(parameters: Parameters): number {
  const count = symbolCountOf(parameters);
  if (count === undefined || count > 100) return 80;
  return count > 20 ? 40 : 2;
}

/** The view of one symbol, or a list: of the named symbols, or of all. */
function each(
  context: BinanceContext,
  parameters: Parameters,
  view: (market: SymbolMarket) => unknown,
): EndpointResult {
  const symbols = ofWantedStatus(parameters, namedSymbols(context, parameters) ?? context.symbols.all);
  const views = symbols.map((symbol) => view(marketOf(context, symbol)));
  return body(parameters.optional("symbol") === undefined ? views : views[0]);
}

function priceView(market: SymbolMarket) {
  return { symbol: market.symbol, price: formatUnits(lastPriceOf(market)) };
}

function bookTickerView(market: SymbolMarket) {
  const { bid, ask } = touchOf(market);
  return { symbol: market.symbol, bidPrice: bid[0], bidQty: bid[1], askPrice: ask[0], askQty: ask[1] };
}

function dayTicker(context: BinanceContext, parameters: Parameters): EndpointResult {
  const isMini = isMiniWanted(parameters);
  return each(context, parameters, (market) => {
    const closeMs = market.history.nowMs;
    const openMs = closeMs - DAY_MS;
    const statistics = statisticsSince(market, openMs);
    if (isMini) return miniView(market.symbol, statistics, openMs, closeMs);
    return { ...fullView(market.symbol, statistics, openMs, closeMs), ...dayExtras(market, statistics) };
  });
}

/** Fields that only the 24-hour ticker has: the best prices, and the price before its first trade. */
function dayExtras(market: SymbolMarket, { open, lastQuantity }: Statistics) {
  const { bid, ask } = touchOf(market);
  return {
    prevClosePrice: formatUnits(open),
    lastQty: formatUnits(lastQuantity),
    bidPrice: bid[0],
    bidQty: bid[1],
    askPrice: ask[0],
    askQty: ask[1],
  };
}

/** Since the beginning of the day in the requested time zone. At least one symbol must be named. */
function tradingDayTicker(context: BinanceContext, parameters: Parameters): EndpointResult {
  checkNamed(parameters);
  const isMini = isMiniWanted(parameters);
  const zoneMs = timeZoneMs(parameters);
  return each(context, parameters, (market) => {
    const nowMs = market.history.nowMs;
    const openMs = Math.floor((nowMs + zoneMs) / DAY_MS) * DAY_MS - zoneMs;
    const statistics = statisticsSince(market, openMs);
    return (isMini ? miniView : fullView)(market.symbol, statistics, openMs, openMs + DAY_MS - 1);
  });
}

/** Over a rolling window that begins at a whole minute. At least one symbol must be named. */
function windowTicker(context: BinanceContext, parameters: Parameters): EndpointResult {
  checkNamed(parameters);
  const isMini = isMiniWanted(parameters);
  const size = parameters.matching("windowSize", WINDOW_RANGE) ?? "1d";
  const windowMs = Number.parseInt(size, 10) * (UNIT_MS[size.slice(-1)] ?? DAY_MS);
  return each(context, parameters, (market) => {
    const nowMs = market.history.nowMs;
    const openMs = Math.floor((nowMs - windowMs) / MINUTE_MS) * MINUTE_MS;
    return (isMini ? miniView : fullView)(market.symbol, statisticsSince(market, openMs), openMs, nowMs);
  });
}

function checkNamed(parameters: Parameters): void {
  if (symbolCountOf(parameters) === undefined) throw binanceError.neitherSent("symbol", "symbols");
}

/** Whether the short form was requested. Throws -1139. */
function isMiniWanted(parameters: Parameters): boolean {
  const type = parameters.optional("type") ?? "FULL";
  if (type !== "FULL" && type !== "MINI") throw binanceError.invalidTickerType();
  return type === "MINI";
}

function miniView(symbol: string, statistics: Statistics, openMs: number, closeMs: number) {
  return {
    symbol,
    openPrice: formatUnits(statistics.open),
    highPrice: formatUnits(statistics.high),
    lowPrice: formatUnits(statistics.low),
    lastPrice: formatUnits(statistics.close),
    volume: formatUnits(statistics.volume),
    quoteVolume: formatUnits(statistics.quoteVolume),
    openTime: openMs,
    closeTime: closeMs,
    firstId: statistics.firstTradeId,
    lastId: statistics.lastTradeId,
    count: statistics.count,
  };
}

function fullView(symbol: string, statistics: Statistics, openMs: number, closeMs: number) {
  return {
    ...miniView(symbol, statistics, openMs, closeMs),
    priceChange: formatUnits(statistics.change),
    priceChangePercent: statistics.changePercent,
    weightedAvgPrice: formatUnits(statistics.weightedAverage),
  };
}
