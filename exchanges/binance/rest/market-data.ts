import { fromLevel } from "../../market/tape/frame-codec.ts";
import { formatUnits } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";
import { FILTER_AVERAGE_MINUTES, referencePrice } from "../filters.ts";
import { aggregateView, tradeView } from "../market-view.ts";
import {
  type BinanceContext,
  body,
  type Endpoint,
  limitOf,
  marketOf,
  namedSymbols,
  ofWantedStatus,
  symbolOf,
} from "./context.ts";
import { exchangeInfoView } from "./exchange-info.ts";
import type { Parameters } from "./parameters.ts";

const DEPTH_LIMIT = { default: 100, max: 5_000 };
/** The permissions that the stub's symbols have. */
const PERMISSION = "SPOT";
const PERMISSIONS_RANGE = '^[A-Z0-9_]{1,20}$|^\\["[A-Z0-9_]{1,20}"(,"[A-Z0-9_]{1,20}"){0,}\\]$';
const STATUSES = ["TRADING", "HALT", "BREAK", "END_OF_DAY", "CANCEL_ONLY"] as const;

/** Endpoints for the venue itself, its books and its trades. */
export const MARKET_DATA_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET /api/v3/ping": { access: "public", weight: () => 1, answer: () => body({}) },
  "GET /api/v3/time": {
    access: "public",
    weight: () => 1,
    answer: ({ clock }) => body({ serverTime: Math.floor(clock.nowMs()) }),
  },
  "GET /api/v3/exchangeInfo": { access: "public", weight: () => 20, answer: exchangeInfo },
  "GET /api/v3/depth": { access: "public", weight: depthWeight, answer: depth },
  "GET /api/v3/trades": { access: "public", weight: () => 25, answer: trades },
  "GET /api/v3/historicalTrades": { access: "public", weight: () => 25, answer: historicalTrades },
  "GET /api/v3/aggTrades": { access: "public", weight: () => 4, answer: aggregateTrades },
  "GET /api/v3/avgPrice": { access: "public", weight: () => 2, answer: averagePrice },
};

/** Symbols by name, by permission or by status. */
function exchangeInfo(context: BinanceContext, parameters: Parameters) {
  const named = namedSymbols(context, parameters);
  const permissions = parameters.matching("permissions", PERMISSIONS_RANGE);
  const status = parameters.oneOf("symbolStatus", STATUSES);
  if (named !== undefined && (permissions !== undefined || status !== undefined)) {
    throw binanceError.badCombination();
  }
  // Those of a symbol are left out on request; all are listed unless it is false.
  const showsPermissions =
    parameters.optional("showPermissionSets") === undefined || parameters.boolean("showPermissionSets");
  const hasPermission =
    permissions === undefined ||
    permissions
      .replace(/[[\]"]/g, "")
      .split(",")
      .includes(PERMISSION);
  const symbols = (named ?? (hasPermission ? context.symbols.all : [])).filter(
    (symbol) => status === undefined || symbol.status === status,
  );
  return body(exchangeInfoView(Math.floor(context.clock.nowMs()), symbols, showsPermissions));
}

function depth(context: BinanceContext, parameters: Parameters) {
  const symbol = symbolOf(context, parameters);
  ofWantedStatus(parameters, [symbol]);
  const { book } = marketOf(context, symbol);
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

function trades(context: BinanceContext, parameters: Parameters) {
  const { history } = marketOf(context, symbolOf(context, parameters));
  return body(history.log.trades.slice(-limitOf(parameters)).map(tradeView));
}

function historicalTrades(context: BinanceContext, parameters: Parameters) {
  const { history } = marketOf(context, symbolOf(context, parameters));
  const fromId = parameters.whole("fromId");
  const limit = limitOf(parameters);
  const { trades: all } = history.log;
  const wanted =
    fromId === undefined ? all.slice(-limit) : all.filter(({ tradeId }) => tradeId >= fromId).slice(0, limit);
  return body(wanted.map(tradeView));
}

/** From an id or a time on, or the latest. An id together with times is refused. */
function aggregateTrades(context: BinanceContext, parameters: Parameters) {
  const { history } = marketOf(context, symbolOf(context, parameters));
  const fromId = parameters.whole("fromId");
  const startMs = parameters.timeMs("startTime");
  const endMs = parameters.timeMs("endTime");
  if (fromId !== undefined && (startMs !== undefined || endMs !== undefined))
    throw binanceError.badCombination();
  const limit = limitOf(parameters);
  const within = history.log.aggregates.filter(
    ({ aggregateId, tradeMs }) =>
      aggregateId >= (fromId ?? 0) &&
      tradeMs >= (startMs ?? 0) &&
      tradeMs <= (endMs ?? Number.POSITIVE_INFINITY),
  );
  const isFromStart = fromId !== undefined || startMs !== undefined;
  return body((isFromStart ? within.slice(0, limit) : within.slice(-limit)).map(aggregateView));
}

function averagePrice(context: BinanceContext, parameters: Parameters) {
  const market = marketOf(context, symbolOf(context, parameters));
  const average = market.history.averagePrice(FILTER_AVERAGE_MINUTES);
  return body({
    mins: FILTER_AVERAGE_MINUTES,
    price: formatUnits(referencePrice(market) ?? 0n),
    closeTime: average?.lastTradeMs ?? market.history.nowMs,
  });
}
