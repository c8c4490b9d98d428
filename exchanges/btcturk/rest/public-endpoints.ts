import { json } from "../../http/http-server.ts";
import type { Level } from "../../market/order-book.ts";
import type { TapeTrade } from "../../market/tape/frame-codec.ts";
import { formatUnits, type Units } from "../../market/units.ts";
import { type BtcturkPair, btcturkPair } from "../btcturk-pairs.ts";
import { tickerOf, tickerView } from "../ticker.ts";
import {
  type BtcturkContext,
  type BtcturkEndpoint,
  type BtcturkParameters,
  listedPairs,
  pairMarketOf,
  success,
  wholeOf,
} from "./context.ts";
import { exchangeInfo } from "./exchange-info.ts";

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
  "GET /api/v2/ticker/currency": { access: "public", answer: currencyTickers },
  "GET /api/v2/orderbook": { access: "public", answer: orderBook },
  "GET /api/v2/trades": { access: "public", answer: trades },
};

function serverTime(nowMs: number) {
  return { serverTime: nowMs, serverTime2: new Date(nowMs).toISOString().replace("Z", "0000+00:00") };
}

/** Always a list; empty for a pair that does not exist. */
function ticker(context: BtcturkContext, { query }: BtcturkParameters) {
  const name = query.get("pairSymbol");
  const wanted = name === null ? undefined : btcturkPair(name);
  return tickers(context, (pair) => name === null || pair === wanted);
}

/** The tickers of all pairs that contain a currency. */
function currencyTickers(context: BtcturkContext, { query }: BtcturkParameters) {
  const symbol = (query.get("symbol") ?? "").toUpperCase();
  return tickers(context, ({ base, quote }) => base === symbol || quote === symbol);
}

function tickers(context: BtcturkContext, isWanted: (pair: BtcturkPair) => boolean) {
  const views = listedPairs(context.market)
    .filter(isWanted)
    .flatMap((pair) => {
      const market = context.market.symbol(pair.symbol);
      if (market === undefined) return [];
      return tickerView(pair, tickerOf(market, context.statistics), context.clock.nowMs());
    });
  return success(views, null);
}

function orderBook(context: BtcturkContext, { query }: BtcturkParameters) {
  const { pair, market } = pairMarketOf(context, query.get("pairSymbol"));
  const limit = Math.min(wholeOf(query, "limit", BOOK_LEVELS), BOOK_LEVELS);
  const level = ([price, quantity]: Level): string[] => [
    scaled(price, pair.denominatorScale),
    formatUnits(quantity),
  ];
  const book = context.visibleBook(market);
  return success(
    {
      timestamp: context.clock.nowMs(),
      bids: book.bids.slice(0, limit).map(level),
      asks: book.asks.slice(0, limit).map(level),
    },
    null,
  );
}

/** The latest trades, newest first. */
function trades(context: BtcturkContext, { query }: BtcturkParameters) {
  const { pair, market } = pairMarketOf(context, query.get("pairSymbol"));
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
