import type { HttpReply } from "../../http/http-server.ts";
import type { MatchingEngine } from "../../market/matching/matching-engine.ts";
import { isOpen, type Order, type OrderRequest } from "../../market/matching/order.ts";
import { OrderRefused } from "../../market/matching/order-refused.ts";
import { multiplyUp } from "../../market/units.ts";
import { ackLost } from "../../misbehaviors/ack-lost.ts";
import { concerns } from "../../misbehaviors/acts.ts";
import { orderFailed } from "../../misbehaviors/order-failed.ts";
import { unknownStatus503 } from "../../misbehaviors/unknown-status-503.ts";
import { unlockLag } from "../../misbehaviors/unlock-lag.ts";
import { btcturkError } from "../btcturk-error.ts";
import { btcturkPair } from "../btcturk-pairs.ts";
import { orderView, submittedView } from "../order-view.ts";
import {
  type BtcturkContext,
  type BtcturkEndpoint,
  type BtcturkParameters,
  pairMarketOf,
  success,
  wholeOf,
} from "./context.ts";
import { readOrderRequest } from "./order-request.ts";

const LIST_LIMIT = { default: 100, max: 1_000 };
/** The delay between the answer to a cancel and the cancellation itself. */
const CANCEL_DELAY_MS = 20;
/** Smaller times are in seconds, as ccxt sends them. */
const SECONDS_BELOW = 1e11;

/** Placing, finding and canceling orders, all of v1. */
export const ORDER_ENDPOINTS: Readonly<Record<string, BtcturkEndpoint>> = {
  "POST /api/v1/order": { access: "private", answer: submit },
  "DELETE /api/v1/order": { access: "private", answer: cancel },
  "GET /api/v1/order/{id}": { access: "private", answer: find },
  "GET /api/v1/openOrders": { access: "private", answer: openOrders },
  "GET /api/v1/allOrders": { access: "private", answer: allOrders },
};

function submit(context: BtcturkContext, parameters: BtcturkParameters): HttpReply {
  const request = readOrderRequest(context, parameters);
  if (context.misbehaviors.bites(orderFailed)) {
    throw request.type === "market" ? btcturkError.failedMarketOrder() : btcturkError.failedLimitOrder();
  }
  const order = accepting(context, request);
  return answerLost(context, "place") ?? success(submittedView(order));
}

/** What a client gets instead of the answer to an act that was done; undefined when it gets the answer. */
function answerLost({ misbehaviors }: BtcturkContext, act: "place" | "cancel"): HttpReply | undefined {
  const strikes = (misbehavior: typeof ackLost): boolean => {
    const active = misbehaviors.active(misbehavior);
    return active !== undefined && concerns(active, act) && misbehaviors.bites(misbehavior);
  };
  if (strikes(ackLost)) return { kind: "cut" };
  return strikes(unknownStatus503) ? htmlError() : undefined;
}

function accepting({ engine }: BtcturkContext, request: OrderRequest): Order {
  try {
    return engine.place(request);
  } catch (cause) {
    if (!(cause instanceof OrderRefused)) throw cause;
    switch (cause.reason) {
      case "insufficient-balance":
        throw isInOpenOrders(engine, request)
          ? btcturkError.fundsInOpenOrders()
          : btcturkError.balanceNotEnough();
      case "would-trigger":
        throw request.side === "buy" ? btcturkError.stopNotAboveAsk() : btcturkError.stopNotBelowBid();
      case "no-liquidity":
        throw btcturkError.failedMarketOrder();
      default:
        throw btcturkError.failedLimitOrder();
    }
  }
}

/** Whether the account could pay if it canceled its open orders. */
function isInOpenOrders(
  { ledger }: MatchingEngine,
  { symbol, side, amount, limitPrice }: OrderRequest,
): boolean {
  const pair = btcturkPair(symbol);
  const asset = side === "buy" ? pair?.quote : pair?.base;
  const balance = ledger.balances.find((held) => held.asset === asset);
  if (balance === undefined || balance.locked === 0n) return false;
  const isSum = side === "sell" || amount.of === "quote";
  const needed = isSum ? amount.quantity : multiplyUp(limitPrice ?? 0n, amount.quantity);
  return balance.free + balance.locked >= needed;
}

/** What the venue's gateway answers when its backend is late: no envelope, no order id. */
function htmlError(): HttpReply {
  return {
    kind: "answer",
    status: 503,
    headers: { "content-type": "text/html" },
    body: "<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>\n",
  };
}

/** Answers at once; the order is canceled a little later, unless it is filled before. */
function cancel(context: BtcturkContext, { query }: BtcturkParameters): HttpReply {
  const id = query.get("id") ?? "";
  if (!/^\d{1,16}$/.test(id)) throw btcturkError.invalidRequest();
  const order = context.engine.order(Number(id));
  if (order === undefined) throw btcturkError.noOrderMatches();
  if (!isOpen(order)) throw btcturkError.couldNotBeCanceled();
  const answer = context.zombies.answerTo(order.orderId, context.misbehaviors);
  if (answer !== undefined) throw btcturkError.couldNotBeCanceled(answer);
  const lag = context.misbehaviors.strikes(unlockLag);
  if (lag !== undefined) context.announceCancel(order);
  setTimeout(
    () => {
      if (isOpen(order)) context.engine.cancel(order);
    },
    CANCEL_DELAY_MS + (lag?.delayMs ?? 0),
  ).unref();
  return answerLost(context, "cancel") ?? success(null);
}

function find(context: BtcturkContext, { pathId }: BtcturkParameters): HttpReply {
  const order = /^\d{1,16}$/.test(pathId) ? context.engine.order(Number(pathId)) : undefined;
  if (order === undefined) throw btcturkError.orderNotFound();
  return success(orderView(order));
}

function openOrders(context: BtcturkContext, { query }: BtcturkParameters): HttpReply {
  const name = query.get("pairSymbol");
  const symbol = name === null ? undefined : pairMarketOf(context, name).pair.symbol;
  const open = context.engine.openOrders.filter((order) => symbol === undefined || order.symbol === symbol);
  return success({
    asks: open.filter(({ side }) => side === "sell").map(orderView),
    bids: open.filter(({ side }) => side === "buy").map(orderView),
  });
}

/** A pair's orders, newest first, from an order id or a time on, in pages. */
function allOrders(context: BtcturkContext, { query }: BtcturkParameters): HttpReply {
  const { symbol } = pairMarketOf(context, query.get("pairSymbol")).pair;
  const orderId = wholeOf(query, "orderId", 0);
  const startMs = millisecondsOf(query, "startTime", 0);
  const endMs = millisecondsOf(query, "endTime", Number.MAX_SAFE_INTEGER);
  const wanted = wholeOf(query, "limit", wholeOf(query, "last", LIST_LIMIT.default));
  const limit = Math.min(Math.max(1, wanted), LIST_LIMIT.max);
  const start = (Math.max(1, wholeOf(query, "page", 1)) - 1) * limit;
  const orders = context.engine.orders.filter(
    (order) =>
      order.symbol === symbol &&
      order.orderId >= orderId &&
      order.acceptedAtMs >= startMs &&
      order.acceptedAtMs <= endMs,
  );
  return success(
    orders
      .reverse()
      .slice(start, start + limit)
      .map(orderView),
  );
}

function millisecondsOf(query: URLSearchParams, name: string, otherwise: number): number {
  const time = wholeOf(query, name, otherwise);
  return time > 0 && time < SECONDS_BELOW ? time * 1_000 : time;
}
