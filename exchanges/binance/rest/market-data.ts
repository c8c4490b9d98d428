import type { SymbolMarket } from "../../market/market.ts";
import type { TapeTrade } from "../../market/tape/frame-codec.ts";
import { fromLevel } from "../../market/tape/frame-codec.ts";
import { formatUnits, multiply } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";
import { BINANCE_SYMBOLS } from "../binance-symbols.ts";
import { type BinanceDesk, body, type Endpoint, listedSymbols, marketOf } from "./desk.ts";
import { exchangeInfoView } from "./exchange-info.ts";
import { symbolOf } from "./order-request.ts";
import type { Parameters } from "./parameters.ts";

const DEPTH_LIMIT = { default: 100, max: 5_000 };
const LIST_LIMIT = { default: 500, max: 1_000 };

/** The public endpoints. */
export const MARKET_DATA_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET /api/v3/ping": { access: "public", weight: () => 1, answer: () => body({}) },
  "GET /api/v3/time": {
    access: "public",
    weight: () => 1,
    answer: ({ clock }) => body({ serverTime: clock.nowMs() }),
  },
  "GET /api/v3/exchangeInfo": { access: "public", weight: () => 20, answer: exchangeInfo },
  "GET /api/v3/depth": { access: "public", weight: depthWeight, answer: depth },
  "GET /api/v3/trades": { access: "public", weight: () => 25, answer: trades },
  "GET /api/v3/ticker/price": {
    access: "public",
    weight: tickerWeight,
    answer: (desk, parameters) => ticker(desk, parameters, priceView),
  },
  "GET /api/v3/ticker/bookTicker": {
    access: "public",
    weight: tickerWeight,
    answer: (desk, parameters) => ticker(desk, parameters, bookTickerView),
  },
};

function exchangeInfo(desk: BinanceDesk, parameters: Parameters) {
  const named = namedSymbols(parameters);
  const listed = listedSymbols(desk.market);
  const missing = named?.some((name) => !listed.some(({ symbol }) => symbol === name));
  if (missing) throw binanceError.invalidSymbol();
  const symbols = listed.filter(({ symbol }) => named?.includes(symbol) ?? true);
  return body(exchangeInfoView(desk.clock.nowMs(), symbols));
}

function depth(desk: BinanceDesk, parameters: Parameters) {
  const { book } = marketOf(desk, symbolOf(parameters));
  const limit = limitOf(parameters, DEPTH_LIMIT);
  return body({
    lastUpdateId: book.lastUpdateId,
    bids: book.top("bids", limit).map(fromLevel),
    asks: book.top("asks", limit).map(fromLevel),
  });
}

function depthWeight(parameters: Parameters): number {
  const limit = parameters.whole("limit") ?? DEPTH_LIMIT.default;
  if (limit <= 100) return 5;
  if (limit <= 500) return 25;
  return limit <= 1_000 ? 50 : 250;
}

function trades(desk: BinanceDesk, parameters: Parameters) {
  const { recentTrades } = marketOf(desk, symbolOf(parameters));
  return body(recentTrades.slice(-limitOf(parameters, LIST_LIMIT)).map(tradeView));
}

function tradeView(trade: TapeTrade): Record<string, unknown> {
  return {
    id: trade.tradeId,
    price: formatUnits(trade.price),
    qty: formatUnits(trade.quantity),
    quoteQty: formatUnits(multiply(trade.price, trade.quantity)),
    time: trade.tradeMs,
    isBuyerMaker: trade.buyerIsMaker,
    isBestMatch: true,
  };
}

function tickerWeight(parameters: Parameters): number {
  return parameters.optional("symbol") === undefined ? 4 : 2;
}

function ticker(desk: BinanceDesk, parameters: Parameters, view: (market: SymbolMarket) => unknown) {
  if (parameters.optional("symbol") !== undefined) return body(view(marketOf(desk, symbolOf(parameters))));
  const named = namedSymbols(parameters) ?? listedSymbols(desk.market).map(({ symbol }) => symbol);
  const symbols = named.map((name) => BINANCE_SYMBOLS.get(name));
  return body(
    symbols.map((symbol) => {
      if (symbol === undefined) throw binanceError.invalidSymbol();
      return view(marketOf(desk, symbol));
    }),
  );
}

/** The last price; before the tape's first trade, the best bid. */
function priceView({ symbol, book, recentTrades }: SymbolMarket) {
  return { symbol, price: formatUnits(recentTrades.at(-1)?.price ?? book.bids.bestPrice ?? 0n) };
}

function bookTickerView({ symbol, book }: SymbolMarket) {
  const [bidPrice, bidQty] = fromLevel(book.top("bids", 1)[0] ?? [0n, 0n]);
  const [askPrice, askQty] = fromLevel(book.top("asks", 1)[0] ?? [0n, 0n]);
  return { symbol, bidPrice, bidQty, askPrice, askQty };
}

function namedSymbols(parameters: Parameters): string[] | undefined {
  const one = parameters.optional("symbol");
  if (one !== undefined) return [one];
  const several = parameters.optional("symbols");
  if (several === undefined) return undefined;
  const range = '^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$';
  if (!new RegExp(range).test(several)) throw binanceError.illegalCharacters("symbols", range);
  return JSON.parse(several) as string[];
}

/** The wanted length of a list, cut to the venue's maximum. */
export function limitOf(parameters: Parameters, limit = LIST_LIMIT): number {
  const wanted = parameters.whole("limit") ?? limit.default;
  return Math.min(Math.max(1, wanted), limit.max);
}
