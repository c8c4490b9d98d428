import { formatUnits } from "../../market/units.ts";
import { myTradeView } from "../order-view.ts";
import { type BinanceDesk, body, type Endpoint, type EndpointResult } from "./desk.ts";
import { limitOf } from "./market-data.ts";
import { symbolOf } from "./order-request.ts";
import type { Parameters } from "./parameters.ts";

/** What an account may ask about itself. */
export const ACCOUNT_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET /api/v3/account": { access: "signed", weight: () => 20, answer: account },
  "GET /api/v3/myTrades": {
    access: "signed",
    weight: (parameters) => (parameters.optional("orderId") === undefined ? 20 : 5),
    answer: myTrades,
  },
};

const RATE = "0.00100000";
const ZERO = "0.00000000";

function account(desk: BinanceDesk, parameters: Parameters): EndpointResult {
  const omitsZero = parameters.optional("omitZeroBalances") === "true";
  const balances = desk.engine.ledger.balances
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
    updateTime: desk.engine.trades.at(-1)?.atMs ?? 0,
    accountType: "SPOT",
    balances,
    permissions: ["SPOT"],
    uid: 1,
  });
}

/** Fills, oldest first: of one order, from an id on, or within a time; otherwise the latest. */
function myTrades(desk: BinanceDesk, parameters: Parameters): EndpointResult {
  const { symbol } = symbolOf(parameters);
  const orderId = parameters.whole("orderId");
  const fromId = parameters.whole("fromId");
  const startMs = parameters.whole("startTime") ?? 0;
  const endMs = parameters.whole("endTime") ?? Number.POSITIVE_INFINITY;
  const matching = desk.engine.trades.filter(
    (trade) =>
      trade.symbol === symbol &&
      (orderId === undefined || trade.orderId === orderId) &&
      (fromId === undefined || trade.tradeId >= fromId) &&
      trade.atMs >= startMs &&
      trade.atMs <= endMs,
  );
  const limit = limitOf(parameters);
  const fromStart = fromId !== undefined || startMs > 0;
  return body((fromStart ? matching.slice(0, limit) : matching.slice(-limit)).map(myTradeView));
}
