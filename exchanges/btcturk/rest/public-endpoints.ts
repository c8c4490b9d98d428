import { json } from "../../http/http-server.ts";
import type { Level } from "../../market/order-book.ts";
import type { TapeTrade } from "../../market/tape/frame-codec.ts";
import { formatUnits, type Units } from "../../market/units.ts";
import { type BtcturkPair, btcturkPair } from "../btcturk-pairs.ts";
import { tickerOf, tickerView } from "../ticker.ts";
import {
  type BtcturkDesk,
  type BtcturkEndpoint,
  type BtcturkParameters,
  listedPairs,
  pairMarketOf,
  success,
  wholeOf,
} from "./desk.ts";

const BOOK_LEVELS = 100;
const MAX_TRADES = 50;

/** The public endpoints, all of v2. */
export const PUBLIC_ENDPOINTS: Readonly<Record<string, BtcturkEndpoint>> = {
  "GET /api/v2/server/ping": { access: "public", answer: () => json(200, { pong: true }) },
  "GET /api/v2/server/time": {
    access: "public",
    answer: ({ clock }) => json(200, serverTime(clock.nowMs())),
  },
  "GET /api/v2/server/exchangeinfo": { access: "public", answer: exchangeInfo },
  "GET /api/v2/ticker": { access: "public", answer: ticker },
  "GET /api/v2/orderbook": { access: "public", answer: orderBook },
  "GET /api/v2/trades": { access: "public", answer: trades },
};

function serverTime(nowMs: number) {
  return { serverTime: nowMs, serverTime2: new Date(nowMs).toISOString().replace("Z", "0000+00:00") };
}

function exchangeInfo(desk: BtcturkDesk) {
  const symbols = listedPairs(desk.market).map(pairView);
  return success({ timeZone: "UTC", serverTime: desk.clock.nowMs(), symbols }, null);
}

function pairView(pair: BtcturkPair): Record<string, unknown> {
  return {
    id: pair.id,
    name: pair.symbol,
    nameNormalized: pair.normalized,
    status: "TRADING",
    numerator: pair.base,
    denominator: pair.quote,
    numeratorScale: pair.numeratorScale,
    denominatorScale: pair.denominatorScale,
    hasFraction: true,
    filters: [
      {
        filterType: "PRICE_FILTER",
        minPrice: "0.0000000000001",
        maxPrice: String(pair.maxPrice / 100_000_000n),
        tickSize: "0.01",
        minExchangeValue: String(pair.minTotal / 100_000_000n),
        minAmount: null,
        maxAmount: null,
      },
    ],
    orderMethods: ["MARKET", "LIMIT"],
    displayFormat: "#,###.##",
    commissionFromNumerator: false,
    order: 2_000,
    priceRounding: false,
    isNew: false,
    marketPriceWarningThresholdPercentage: 0.25,
    maximumOrderAmount: null,
  };
}

/** Always a list; empty for a pair that does not exist. */
function ticker(desk: BtcturkDesk, { query }: BtcturkParameters) {
  const name = query.get("pairSymbol");
  const wanted = name === null ? undefined : btcturkPair(name);
  const pairs = listedPairs(desk.market).filter((pair) => name === null || pair === wanted);
  const tickers = pairs.flatMap((pair) => {
    const market = desk.market.symbol(pair.symbol);
    return market === undefined
      ? []
      : tickerView(pair, tickerOf(market, desk.statistics), desk.clock.nowMs());
  });
  return success(tickers, null);
}

function orderBook(desk: BtcturkDesk, { query }: BtcturkParameters) {
  const { pair, market } = pairMarketOf(desk, query.get("pairSymbol"));
  const limit = Math.min(wholeOf(query, "limit", BOOK_LEVELS), BOOK_LEVELS);
  const level = ([price, quantity]: Level): string[] => [
    scaled(price, pair.denominatorScale),
    formatUnits(quantity),
  ];
  return success(
    {
      timestamp: desk.clock.nowMs(),
      bids: market.book.top("bids", limit).map(level),
      asks: market.book.top("asks", limit).map(level),
    },
    null,
  );
}

/** The latest trades, newest first. */
function trades(desk: BtcturkDesk, { query }: BtcturkParameters) {
  const { pair, market } = pairMarketOf(desk, query.get("pairSymbol"));
  const count = Math.min(Math.max(1, wholeOf(query, "last", MAX_TRADES)), MAX_TRADES);
  return success(
    market.recentTrades
      .slice(-count)
      .reverse()
      .map((trade) => tradeView(pair, trade)),
    null,
  );
}

function tradeView(pair: BtcturkPair, trade: TapeTrade): Record<string, unknown> {
  return {
    pair: pair.symbol,
    pairNormalized: pair.normalized,
    numerator: pair.base,
    denominator: pair.quote,
    date: trade.tradeMs,
    tid: String(trade.tradeId),
    price: scaled(trade.price, pair.denominatorScale),
    amount: formatUnits(trade.quantity),
    side: trade.buyerIsMaker ? "sell" : "buy",
  };
}

/** Writes a price with exactly the pair's decimals. */
function scaled(price: Units, decimals: number): string {
  const text = formatUnits(price);
  return text.slice(0, text.indexOf(".") + 1 + decimals);
}
