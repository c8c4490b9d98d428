import { z } from "zod";
import { amount, type Decimal } from "../money.ts";
import { nextStamp } from "./next-stamp.ts";
import { type Answer, failure, failureOf, json, RETRY_MS, readOr } from "./reply.ts";
import { signBtcturk } from "./signature.ts";
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
import type { VenueLink, VenueOutcome } from "./venue-link.ts";

const STATUS: Readonly<Record<string, VenueStatus>> = {
  Untouched: "ACCEPTED",
  Partial: "PARTIALLY_FILLED",
  Closed: "FILLED",
  Canceled: "CANCELED",
};

const ORDER_NOT_FOUND = 1152;
/** The search begins this long before an order's creation, because the two clocks differ. */
const SCAN_MARGIN_MS = 60_000;
const SCAN_LIMIT = 1_000;

/**
 * BTCTurk writes numbers sometimes as text, sometimes as JSON numbers. Text is exact; numbers are converted.
 */
const number = z.union([z.string(), z.number()]).transform((value) => String(value));
const envelope = z.object({
  success: z.boolean(),
  message: z.string().nullish(),
  code: z.number().nullish(),
  /** Error answers often have none. */
  data: z.unknown().optional(),
});
const placed = z.object({ id: number });
const orderRow = z.object({
  id: number,
  status: z.string(),
  quantity: number,
  leftAmount: number,
  orderClientId: z.string().nullish(),
});
type OrderRow = z.infer<typeof orderRow>;
const recentRows = z.array(
  orderRow.extend({ type: z.enum(["buy", "sell"]), method: z.string(), price: number, time: z.number() }),
);
const openOrders = z.object({ asks: z.array(orderRow), bids: z.array(orderRow) });
const tradeRows = z.array(
  z.object({
    id: number,
    orderId: number,
    price: number,
    amount: number,
    fee: number,
    tax: number.nullish(),
    denominatorSymbol: z.string(),
    timestamp: z.number(),
  }),
);

type Reply =
  | { readonly kind: "data"; readonly data: unknown }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "unclear"; readonly reason: string };

/**
 * BTCTurk's order interface (REST v1): its signature, its envelope, and a search in place of the missing
 * lookup.
 */
export class BtcturkRest implements Venue {
  readonly name = "btcturk";
  readonly #link: VenueLink;
  /** Each signature is accepted once, and it covers only the stamp, so no two requests may share a stamp. */
  #lastStampMs = 0;

  constructor(link: VenueLink) {
    this.#link = link;
  }

  get heldBackMs(): number {
    return this.#link.heldBackMs;
  }

  async place(order: VenueOrder): Promise<Placement> {
    const outcome = await this.#signed("place", "POST", "/api/v1/order", {
      quantity: order.quoteQuantity ?? order.quantity,
      ...(order.price === null ? {} : { price: order.price }),
      newOrderClientId: order.clientOrderId,
      orderMethod: order.type,
      orderType: order.side,
      pairSymbol: order.symbol,
    });
    if (outcome.kind === "held-back") return { ...outcome, kind: "not-sent" };
    if (outcome.kind === "not-sent") return { ...outcome, retryAfterMs: RETRY_MS };
    if (outcome.kind === "no-answer") return { kind: "unknown", reason: outcome.reason };
    const reply = replyOf(outcome);
    if (reply.kind === "refused") return { kind: "rejected", code: reply.code, message: reply.message };
    if (reply.kind === "unclear") return { kind: "unknown", reason: reply.reason };
    return readOr(
      (): Placement => ({ kind: "accepted", report: acceptance(placed.parse(reply.data).id) }),
      (reason): Placement => ({ kind: "unknown", reason }),
    );
  }

  async lookup(order: OrderReference): Promise<Lookup> {
    if (order.venueOrderId === null) return this.#scan(order);
    const outcome = await this.#signed(
      "lookup",
      "GET",
      `/api/v1/order/${encodeURIComponent(order.venueOrderId)}`,
    );
    if (outcome.kind !== "answer") return failureOf(outcome);
    const reply = replyOf(outcome);
    if (reply.kind === "unclear") return failure(reply.reason);
    if (reply.kind === "refused") {
      if (reply.code === String(ORDER_NOT_FOUND)) return this.#scan(order);
      return failure(`${reply.code} ${reply.message}`);
    }
    return readOr(
      (): Lookup => ({ kind: "found", report: report(orderRow.parse(reply.data), order.quoteQuantity) }),
      failure,
    );
  }

  async openOrders(symbol: string): Promise<OpenOrders> {
    const outcome = await this.#signed(
      "open_orders",
      "GET",
      `/api/v1/openOrders?pairSymbol=${encodeURIComponent(symbol)}`,
    );
    if (outcome.kind !== "answer") return failureOf(outcome);
    const reply = replyOf(outcome);
    if (reply.kind !== "data") return failure(reasonOf(reply));
    return readOr((): OpenOrders => {
      const reports = new Map<string, VenueReport>();
      // The venue keeps no market order open, so none of these is measured in the quote asset.
      for (const row of rowsOf(reply.data)) reports.set(row.orderClientId ?? "", report(row, null));
      return { kind: "open", reports };
    }, failure);
  }

  async ordersSince(symbol: string, sinceMs: number): Promise<RecentOrders> {
    const orders: RecentOrder[] = [];
    for (let page = 1; ; page++) {
      const query = `pairSymbol=${encodeURIComponent(symbol)}&startTime=${sinceMs}&limit=${SCAN_LIMIT}&page=${page}`;
      const outcome = await this.#signed("all_orders", "GET", `/api/v1/allOrders?${query}`);
      if (outcome.kind !== "answer") return failureOf(outcome);
      const reply = replyOf(outcome);
      if (reply.kind !== "data") return failure(reasonOf(reply));
      const rows = readOr(
        () => ({ kind: "orders", orders: recentRows.parse(reply.data).map(recentOrder) }) as const,
        failure,
      );
      if (rows.kind === "failed") return rows;
      orders.push(...rows.orders);
      if (rows.orders.length < SCAN_LIMIT) return { kind: "orders", orders };
    }
  }

  async fillsOf(order: OrderReference): Promise<FillList> {
    if (order.venueOrderId === null) return failure("the venue's order id is not known yet");
    const query = new URLSearchParams([
      ["type", "buy"],
      ["type", "sell"],
      ["orderId", order.venueOrderId],
      ["startDate", String(order.createdAtMs - SCAN_MARGIN_MS)],
    ]);
    const outcome = await this.#signed("trades", "GET", `/api/v1/users/transactions/trade?${query}`);
    if (outcome.kind !== "answer") return failureOf(outcome);
    const reply = replyOf(outcome);
    if (reply.kind !== "data") return failure(reasonOf(reply));
    return readOr((): FillList => ({ kind: "fills", fills: fills(reply.data, order.venueOrderId) }), failure);
  }

  async cancel(order: OrderReference): Promise<Cancellation> {
    if (order.venueOrderId === null)
      return { kind: "failed", reason: "the venue's order id is not known yet" };
    const query = new URLSearchParams({ id: order.venueOrderId });
    const outcome = await this.#signed("cancel", "DELETE", `/api/v1/order?${query}`);
    if (outcome.kind !== "answer") return { kind: "failed", reason: outcome.reason };
    const reply = replyOf(outcome);
    if (reply.kind === "unclear") return { kind: "failed", reason: reply.reason };
    return reply.kind === "data" ? { kind: "requested" } : reply;
  }

  /**
   * The venue cannot look up a client order id, so the order is searched among the open orders, then among
   * all.
   */
  async #scan(order: OrderReference): Promise<Lookup> {
    const symbol = encodeURIComponent(order.symbol);
    const startTime = order.createdAtMs - SCAN_MARGIN_MS;
    const paths = [
      `/api/v1/openOrders?pairSymbol=${symbol}`,
      `/api/v1/allOrders?pairSymbol=${symbol}&startTime=${startTime}&limit=${SCAN_LIMIT}`,
    ];
    for (const path of paths) {
      const outcome = await this.#signed("scan", "GET", path);
      if (outcome.kind !== "answer") return failureOf(outcome);
      const reply = replyOf(outcome);
      if (reply.kind !== "data") return failure(reasonOf(reply));
      const found = readOr(() => ({ kind: "rows", rows: rowsOf(reply.data) }) as const, failure);
      if (found.kind === "failed") return found;
      const match = found.rows.find((row) => row.orderClientId === order.clientOrderId);
      if (match !== undefined)
        return readOr((): Lookup => ({ kind: "found", report: report(match, order.quoteQuantity) }), failure);
    }
    return { kind: "not-found" };
  }

  #signed(
    operation: string,
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: Readonly<Record<string, string>>,
  ): Promise<VenueOutcome> {
    const { key, secret } = this.#link.config;
    this.#lastStampMs = nextStamp(this.#lastStampMs, Date.now());
    const headers = {
      "x-pck": key,
      "x-stamp": String(this.#lastStampMs),
      "x-signature": signBtcturk(key, this.#lastStampMs, secret),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.#link.call(operation, path, { method, headers, ...content });
  }
}

function replyOf(answer: Answer): Reply {
  const parsed = envelope.safeParse(json(answer.body));
  if (answer.status >= 500 || !parsed.success) return { kind: "unclear", reason: `HTTP ${answer.status}` };
  const { success, message, code, data } = parsed.data;
  // A known behavior of this venue: an authentication error with success:true and no data.
  const refused = !success || answer.status >= 400 || (data === undefined && (code ?? 0) !== 0);
  if (refused) return { kind: "refused", code: String(code ?? answer.status), message: message ?? "" };
  return { kind: "data", data };
}

const reasonOf = (reply: Exclude<Reply, { kind: "data" }>): string =>
  reply.kind === "unclear" ? reply.reason : `${reply.code} ${reply.message}`;

/** The answer to a placed order has only its id; the state is fetched next. */
function acceptance(venueOrderId: string): VenueReport {
  return { venueOrderId, status: "ACCEPTED", executedQuantity: amount("0"), fills: [] };
}

function rowsOf(data: unknown): OrderRow[] {
  if (Array.isArray(data)) return z.array(orderRow).parse(data);
  const { asks, bids } = openOrders.parse(data);
  return [...asks, ...bids];
}

function report(row: OrderRow, quoteQuantity: string | null): VenueReport {
  const status = STATUS[row.status];
  if (status === undefined) throw new Error(`unknown order status ${row.status}`);
  const executedQuantity = quoteQuantity === null ? amount(row.quantity).minus(amount(row.leftAmount)) : null;
  return { venueOrderId: row.id, status, executedQuantity, fills: [] };
}

/** Of a market buy the venue shows what it bought, and not the amount in the quote asset that was sent. */
function recentOrder(row: z.infer<typeof recentRows>[number]): RecentOrder {
  const type = row.method === "market" ? "market" : "limit";
  return {
    clientOrderId: row.orderClientId ?? "",
    side: row.type,
    type,
    quantity: row.quantity,
    price: type === "limit" ? row.price : null,
    createdAtMs: row.time,
    report: report(row, null),
  };
}

function fills(data: unknown, venueOrderId: string | null): VenueFill[] {
  const own = tradeRows.parse(data).filter((row) => row.orderId === venueOrderId);
  return own.map((row) => ({
    tradeId: row.id,
    price: amount(row.price),
    // The amount of a sale is written as a negative number, and so is what was paid.
    quantity: amount(row.amount).abs(),
    fee: paid(row.fee).plus(paid(row.tax ?? "0")),
    feeAsset: row.denominatorSymbol,
    executedAtMs: row.timestamp,
  }));
}

const paid = (text: string): Decimal => amount(text).abs();
