import { z } from "zod";
import { amount } from "../money.ts";
import { type Answer, failure, failureOf, json, RETRY_MS, readOr } from "./reply.ts";
import { signBinance } from "./signature.ts";
import type {
  Cancellation,
  FillList,
  Lookup,
  OpenOrders,
  OrderReference,
  Placement,
  RecentOrder,
  RecentOrders,
  Venue,
  VenueFill,
  VenueOrder,
  VenueReport,
  VenueStatus,
} from "./venue.ts";
import type { VenueLink } from "./venue-link.ts";

const STATUS: Readonly<Record<string, VenueStatus>> = {
  NEW: "ACCEPTED",
  PENDING_NEW: "ACCEPTED",
  PARTIALLY_FILLED: "PARTIALLY_FILLED",
  PENDING_CANCEL: "ACCEPTED",
  FILLED: "FILLED",
  CANCELED: "CANCELED",
  REJECTED: "REJECTED",
  EXPIRED: "EXPIRED",
  EXPIRED_IN_MATCH: "EXPIRED",
};

/** Codes with which Binance says that the outcome is unknown to it. */
const UNKNOWN_CODES = new Set([-1006, -1007]);
const ORDER_DOES_NOT_EXIST = -2013;
const OUTSIDE_RECV_WINDOW = -1021;
const RECV_WINDOW_MS = 5_000;
/** What Binance answers at most: of how long a time, and how many orders. */
const LONGEST_RANGE_MS = 86_400_000;
const MOST_ORDERS = 1_000;

const decimalText = z.string();
const orderReply = z.object({
  orderId: z.number(),
  clientOrderId: z.string(),
  status: z.string(),
  executedQty: decimalText,
  transactTime: z.number().optional(),
  fills: z
    .array(
      z.object({
        price: decimalText,
        qty: decimalText,
        commission: decimalText,
        commissionAsset: z.string(),
        tradeId: z.number(),
      }),
    )
    .optional(),
});
const recentReply = z.array(
  orderReply.extend({
    side: z.enum(["BUY", "SELL"]),
    type: z.string(),
    origQty: decimalText,
    price: decimalText,
    time: z.number(),
  }),
);
const tradeReply = z.array(
  z.object({
    id: z.number(),
    price: decimalText,
    qty: decimalText,
    commission: decimalText,
    commissionAsset: z.string(),
    time: z.number(),
  }),
);
const errorReply = z.object({ code: z.number(), msg: z.string() });

type Parameters = Readonly<Record<string, string>>;

/** Binance Spot's order interface (REST v3): signed requests, its error codes, its time window. */
export class BinanceRest implements Venue {
  readonly name = "binance";
  readonly #link: VenueLink;
  /** How far the venue's clock is ahead of ours, in ms; measured after it rejects a timestamp. */
  #clockOffsetMs = 0;

  constructor(link: VenueLink) {
    this.#link = link;
  }

  get heldBackMs(): number {
    return this.#link.heldBackMs;
  }

  async place(order: VenueOrder): Promise<Placement> {
    const outcome = await this.#signed("place", "POST", "/api/v3/order", {
      symbol: order.symbol,
      side: order.side.toUpperCase(),
      type: order.type.toUpperCase(),
      ...(order.type === "limit" ? { timeInForce: "GTC", price: order.price ?? "" } : {}),
      quantity: order.quantity,
      newClientOrderId: order.clientOrderId,
      newOrderRespType: "FULL",
    });
    if (outcome.kind === "held-back") return { ...outcome, kind: "not-sent" };
    if (outcome.kind === "not-sent") return { ...outcome, retryAfterMs: RETRY_MS };
    if (outcome.kind === "no-answer") return { kind: "unknown", reason: outcome.reason };
    if (outcome.status === 200) {
      return readOr(
        (): Placement => ({ kind: "accepted", report: report(orderReply.parse(json(outcome.body))) }),
        (reason): Placement => ({ kind: "unknown", reason }),
      );
    }
    const error = errorOf(outcome);
    // A 5XX means that the execution status is unknown, never that the order failed.
    if (outcome.status >= 500 || error === undefined || UNKNOWN_CODES.has(error.code)) {
      return { kind: "unknown", reason: `HTTP ${outcome.status} ${error?.code ?? ""}`.trim() };
    }
    return { kind: "rejected", code: String(error.code), message: error.msg };
  }

  async lookup(order: OrderReference): Promise<Lookup> {
    const outcome = await this.#signed("lookup", "GET", "/api/v3/order", {
      symbol: order.symbol,
      origClientOrderId: order.clientOrderId,
    });
    if (outcome.kind !== "answer") return failureOf(outcome);
    if (outcome.status === 200) {
      return readOr(
        (): Lookup => ({ kind: "found", report: report(orderReply.parse(json(outcome.body))) }),
        failure,
      );
    }
    if (errorOf(outcome)?.code === ORDER_DOES_NOT_EXIST) return { kind: "not-found" };
    return failure(`HTTP ${outcome.status} ${errorOf(outcome)?.code ?? ""}`);
  }

  async openOrders(symbol: string): Promise<OpenOrders> {
    const outcome = await this.#signed("open_orders", "GET", "/api/v3/openOrders", { symbol });
    if (outcome.kind !== "answer") return failureOf(outcome);
    if (outcome.status !== 200) return failure(`HTTP ${outcome.status} ${errorOf(outcome)?.code ?? ""}`);
    return readOr((): OpenOrders => {
      const replies = z.array(orderReply).parse(json(outcome.body));
      return { kind: "open", reports: new Map(replies.map((reply) => [reply.clientOrderId, report(reply)])) };
    }, failure);
  }

  async ordersSince(symbol: string, sinceMs: number): Promise<RecentOrders> {
    const found = new Map<string, RecentOrder>();
    for (let startMs = sinceMs; startMs <= Date.now() + this.#clockOffsetMs; ) {
      const endMs = startMs + LONGEST_RANGE_MS;
      const outcome = await this.#signed("all_orders", "GET", "/api/v3/allOrders", {
        symbol,
        startTime: String(startMs),
        endTime: String(endMs),
        limit: String(MOST_ORDERS),
      });
      if (outcome.kind !== "answer") return failureOf(outcome);
      if (outcome.status !== 200) return failure(`HTTP ${outcome.status} ${errorOf(outcome)?.code ?? ""}`);
      const page = readOr(
        () => ({ kind: "orders", orders: recentReply.parse(json(outcome.body)).map(recentOrder) }) as const,
        failure,
      );
      if (page.kind === "failed") return page;
      for (const order of page.orders) found.set(order.clientOrderId, order);
      const lastMs = Math.max(startMs, ...page.orders.map(({ createdAtMs }) => createdAtMs));
      // A page that is full ends at a time of which more orders may be on the next one.
      startMs = page.orders.length < MOST_ORDERS ? endMs : Math.max(lastMs, startMs + 1);
    }
    return { kind: "orders", orders: [...found.values()] };
  }

  async fillsOf(order: OrderReference): Promise<FillList> {
    if (order.venueOrderId === null) return failure("the venue's order id is not known yet");
    const outcome = await this.#signed("trades", "GET", "/api/v3/myTrades", {
      symbol: order.symbol,
      orderId: order.venueOrderId,
    });
    if (outcome.kind !== "answer") return failureOf(outcome);
    if (outcome.status !== 200) return failure(`HTTP ${outcome.status} ${errorOf(outcome)?.code ?? ""}`);
    return readOr((): FillList => ({ kind: "fills", fills: trades(outcome) }), failure);
  }

  async cancel(order: OrderReference): Promise<Cancellation> {
    const outcome = await this.#signed("cancel", "DELETE", "/api/v3/order", {
      symbol: order.symbol,
      origClientOrderId: order.clientOrderId,
    });
    if (outcome.kind !== "answer") return { kind: "failed", reason: outcome.reason };
    if (outcome.status === 200) return { kind: "requested" };
    const error = errorOf(outcome);
    if (outcome.status >= 500 || error === undefined)
      return { kind: "failed", reason: `HTTP ${outcome.status}` };
    return { kind: "refused", code: String(error.code), message: error.msg };
  }

  async #signed(operation: string, method: "GET" | "POST" | "DELETE", path: string, parameters: Parameters) {
    const outcome = await this.#signedOnce(operation, method, path, parameters);
    if (outcome.kind !== "answer" || errorOf(outcome)?.code !== OUTSIDE_RECV_WINDOW) return outcome;
    // A request that was rejected for its timestamp was not executed, so it is safe to send it again.
    if (!(await this.#learnClockOffset())) return outcome;
    return this.#signedOnce(operation, method, path, parameters);
  }

  #signedOnce(operation: string, method: "GET" | "POST" | "DELETE", path: string, parameters: Parameters) {
    const { key, secret } = this.#link.config;
    const query = new URLSearchParams({
      ...parameters,
      recvWindow: String(RECV_WINDOW_MS),
      timestamp: String(Date.now() + this.#clockOffsetMs),
    }).toString();
    const target = `${path}?${query}&signature=${signBinance(query, secret)}`;
    return this.#link.call(operation, target, { method, headers: { "x-mbx-apikey": key } });
  }

  async #learnClockOffset(): Promise<boolean> {
    const startedAtMs = Date.now();
    const outcome = await this.#link.call("time", "/api/v3/time", { method: "GET" });
    if (outcome.kind !== "answer" || outcome.status !== 200) return false;
    const reply = z.object({ serverTime: z.number() }).safeParse(json(outcome.body));
    if (!reply.success) return false;
    this.#clockOffsetMs = Math.round(reply.data.serverTime - (startedAtMs + Date.now()) / 2);
    return true;
  }
}

function report(reply: z.infer<typeof orderReply>): VenueReport {
  const status = STATUS[reply.status];
  if (status === undefined) throw new Error(`unknown order status ${reply.status}`);
  const fills = (reply.fills ?? []).map(
    (fill): VenueFill => ({
      tradeId: String(fill.tradeId),
      price: amount(fill.price),
      quantity: amount(fill.qty),
      fee: amount(fill.commission),
      feeAsset: fill.commissionAsset,
      executedAtMs: reply.transactTime ?? Date.now(),
    }),
  );
  return { venueOrderId: String(reply.orderId), status, executedQuantity: amount(reply.executedQty), fills };
}

function recentOrder(reply: z.infer<typeof recentReply>[number]): RecentOrder {
  const type = reply.type === "MARKET" ? "market" : "limit";
  return {
    clientOrderId: reply.clientOrderId,
    side: reply.side === "BUY" ? "buy" : "sell",
    type,
    quantity: reply.origQty,
    price: type === "limit" ? reply.price : null,
    createdAtMs: reply.time,
    report: report(reply),
  };
}

function trades(answer: Answer): VenueFill[] {
  return tradeReply.parse(json(answer.body)).map((trade) => ({
    tradeId: String(trade.id),
    price: amount(trade.price),
    quantity: amount(trade.qty),
    fee: amount(trade.commission),
    feeAsset: trade.commissionAsset,
    executedAtMs: trade.time,
  }));
}

function errorOf(answer: Answer): z.infer<typeof errorReply> | undefined {
  if (answer.status === 200) return undefined;
  const parsed = errorReply.safeParse(json(answer.body));
  return parsed.success ? parsed.data : undefined;
}
