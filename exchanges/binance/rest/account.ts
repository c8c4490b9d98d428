import { formatUnits } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";
import { myTradeView, orderView, preventedMatchView } from "../order-view.ts";
import {
  type BinanceContext,
  body,
  type Endpoint,
  type EndpointResult,
  limitOf,
  symbolOf,
} from "./context.ts";
import { openOrderFilters } from "./exchange-info.ts";
import type { Parameters } from "./parameters.ts";

/** Endpoints with which an account queries itself. */
export const ACCOUNT_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET /api/v3/account": { access: "signed", weight: () => 20, answer: account },
  "GET /api/v3/account/commission": { access: "signed", weight: () => 20, answer: commission },
  "GET /api/v3/allOrders": { access: "signed", weight: () => 20, answer: allOrders },
  "GET /api/v3/myTrades": {
    access: "signed",
    weight: (parameters) => (parameters.optional("orderId") === undefined ? 20 : 5),
    answer: myTrades,
  },
  "GET /api/v3/myPreventedMatches": {
    access: "signed",
    weight: (parameters) => (parameters.optional("orderId") === undefined ? 2 : 20),
    answer: preventedMatches,
  },
  "GET /api/v3/myAllocations": { access: "signed", weight: () => 20, answer: allocations },
  "GET /api/v3/myFilters": { access: "signed", weight: () => 40, answer: accountFilters },
  "GET /api/v3/rateLimit/order": {
    access: "signed",
    weight: () => 40,
    answer: ({ limits }) => body(limits.orderUsage()),
  },
};

const RATE = "0.00100000";
const ZERO = "0.00000000";
const LONGEST_LOOKUP_HOURS = 24;
const HOUR_MS = 3_600_000;

function account(context: BinanceContext, parameters: Parameters): EndpointResult {
  const omitsZero = parameters.boolean("omitZeroBalances");
  const balances = context.engine.ledger.balances
    .filter(({ free, locked }) => !omitsZero || free + locked > 0n)
    .map(({ asset, free, locked }) => ({ asset, free: formatUnits(free), locked: formatUnits(locked) }));
  return body({
    makerCommission: 10,
    takerCommission: 10,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { maker: RATE, taker: RATE, buyer: ZERO, seller: ZERO },
    canTrade: true,
    canWithdraw: true,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: context.engine.trades.at(-1)?.atMs ?? 0,
    accountType: "SPOT",
    balances,
    permissions: ["SPOT"],
    uid: 1,
  });
}

function commission(context: BinanceContext, parameters: Parameters): EndpointResult {
  const { symbol } = symbolOf(context, parameters);
  const none = { maker: ZERO, taker: ZERO, buyer: ZERO, seller: ZERO };
  return body({
    symbol,
    standardCommission: { maker: RATE, taker: RATE, buyer: ZERO, seller: ZERO },
    specialCommission: none,
    taxCommission: none,
    discount: { enabledForAccount: false, enabledForSymbol: false, discountAsset: "BNB", discount: ZERO },
  });
}

/** Orders, oldest first: from an id on, or within a time range; otherwise the latest. */
function allOrders(context: BinanceContext, parameters: Parameters): EndpointResult {
  const { symbol } = symbolOf(context, parameters);
  const fromId = parameters.whole("orderId");
  const range = readRange(parameters);
  const matching = context.engine.orders.filter(
    (order) =>
      order.symbol === symbol && order.orderId >= (fromId ?? 0) && range.contains(order.acceptedAtMs),
  );
  return body(cut(matching, parameters, fromId !== undefined || range.isBegun).map(orderView));
}

/** Fills, oldest first: of one order, from an id on, or within a time range; otherwise the latest. */
function myTrades(context: BinanceContext, parameters: Parameters): EndpointResult {
  const { symbol } = symbolOf(context, parameters);
  const orderId = parameters.whole("orderId");
  const fromId = parameters.whole("fromId");
  const range = readRange(parameters);
  const matching = context.engine.trades.filter(
    (trade) =>
      trade.symbol === symbol &&
      (orderId === undefined || trade.orderId === orderId) &&
      trade.tradeId >= (fromId ?? 0) &&
      range.contains(trade.atMs),
  );
  return body(cut(matching, parameters, fromId !== undefined || range.isBegun).map(myTradeView));
}

/** Matches that self-trade prevention stopped, by their own id or by an order's id. */
function preventedMatches(context: BinanceContext, parameters: Parameters): EndpointResult {
  const { symbol } = symbolOf(context, parameters);
  const matchId = parameters.whole("preventedMatchId");
  const orderId = parameters.whole("orderId");
  const fromId = parameters.whole("fromPreventedMatchId") ?? 0;
  if (matchId === undefined && orderId === undefined)
    throw binanceError.neitherSent("preventedMatchId", "orderId");
  const matches = context.engine.orders
    .filter((order) => order.symbol === symbol)
    .flatMap((order) => order.preventedMatches.filter(({ takerOrderId }) => takerOrderId === order.orderId))
    .filter(
      (match) =>
        match.preventedMatchId === (matchId ?? match.preventedMatchId) &&
        (orderId === undefined || [match.takerOrderId, match.makerOrderId].includes(orderId)) &&
        match.preventedMatchId >= fromId,
    );
  return body(matches.slice(0, limitOf(parameters)).map(preventedMatchView));
}

/** Smart order routing allocates nothing, since no symbol has it. */
function allocations(context: BinanceContext, parameters: Parameters): EndpointResult {
  symbolOf(context, parameters);
  readRange(parameters);
  return body([]);
}

/** The filters that limit what the account may have open in a symbol. */
function accountFilters(context: BinanceContext, parameters: Parameters): EndpointResult {
  return body({
    exchangeFilters: [],
    symbolFilters: openOrderFilters(symbolOf(context, parameters)),
    assetFilters: [],
  });
}

/** The time range of a request. Throws -1127 when it is longer than a day. */
function readRange(parameters: Parameters) {
  const startMs = parameters.timeMs("startTime");
  const endMs = parameters.timeMs("endTime");
  if (startMs !== undefined && endMs !== undefined && endMs - startMs > LONGEST_LOOKUP_HOURS * HOUR_MS) {
    throw binanceError.tooManyHours(LONGEST_LOOKUP_HOURS);
  }
  return {
    isBegun: startMs !== undefined,
    contains: (atMs: number) => atMs >= (startMs ?? 0) && atMs <= (endMs ?? Number.POSITIVE_INFINITY),
  };
}

function cut<Item>(items: readonly Item[], parameters: Parameters, fromStart: boolean): readonly Item[] {
  const limit = limitOf(parameters);
  return fromStart ? items.slice(0, limit) : items.slice(-limit);
}
