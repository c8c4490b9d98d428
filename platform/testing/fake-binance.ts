import type { ServerResponse } from "node:http";
import { Decimal } from "decimal.js";
import { signBinance } from "../venues/signature.ts";
import {
  answerJson,
  type LoopbackServer,
  type ReceivedRequest,
  startLoopbackServer,
} from "./loopback-server.ts";

/** How the next orders are answered. */
export type PlaceBehavior =
  | "fill"
  | "rest"
  | "lose-answer"
  | "answer-503"
  | "hang"
  | "never-arrive"
  | "reject"
  | "rate-limit";

export const BINANCE_SECRET = "binance-test-secret";

interface Order {
  readonly orderId: number;
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
  status: string;
  executedQuantity: string;
  trades: {
    id: number;
    price: string;
    qty: string;
    commission: string;
    commissionAsset: string;
    time: number;
  }[];
}

/**
 * A small Binance for tests: one symbol, orders that behave as configured, a depth stream that the test
 * controls.
 */
export class FakeBinance {
  readonly orders: Order[] = [];
  readonly requests: string[] = [];
  behavior: PlaceBehavior = "fill";
  /** Lookups answered with -2013 although the order exists. */
  lagLookups = 0;
  /** The fills that an order gets; each is price and quantity. */
  fills: readonly (readonly [price: string, quantity: string])[] | undefined;
  snapshotsServed = 0;
  lastUpdateId = 100;
  #server: LoopbackServer | undefined;
  #nextTrade = 1;

  get restUrl(): string {
    return `http://127.0.0.1:${this.#server?.port}`;
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.#server?.port}`;
  }

  get sockets(): number {
    return this.#server?.sockets.size ?? 0;
  }

  async start(): Promise<void> {
    this.#server = await startLoopbackServer(
      (request, response) => this.#respond(request, response),
      () => undefined,
    );
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** Sends a diff of one update, after dropping `skip` updates. */
  depth(bids: readonly string[][], asks: readonly string[][], skip = 0): void {
    this.lastUpdateId += 1 + skip;
    const update = {
      e: "depthUpdate",
      E: Date.now(),
      s: "BTCUSDT",
      U: this.lastUpdateId,
      u: this.lastUpdateId,
    };
    const text = JSON.stringify({ stream: "btcusdt@depth@100ms", data: { ...update, b: bids, a: asks } });
    for (const socket of this.#server?.sockets ?? []) socket.send(text);
  }

  /** Fills a resting order. */
  fillResting(order: Order): void {
    this.#fill(order);
  }

  #respond(request: ReceivedRequest, response: ServerResponse): ServerResponse {
    this.requests.push(`${request.method} ${request.path}`);
    const { method, path, query } = request;
    if (path === "/api/v3/depth") {
      this.snapshotsServed += 1;
      const book = { lastUpdateId: this.lastUpdateId, bids: [["61000.00", "5"]], asks: [["61000.01", "5"]] };
      return answerJson(response, 200, book);
    }
    const unsigned = new URLSearchParams(query);
    unsigned.delete("signature");
    if (signBinance(unsigned.toString(), BINANCE_SECRET) !== query.get("signature")) {
      return answerJson(response, 400, { code: -1022, msg: "Signature for this request is not valid." });
    }
    if (path === "/api/v3/order" && method === "POST") return this.#place(query, response);
    if (path === "/api/v3/order" && method === "DELETE") return this.#cancel(query, response);
    if (path === "/api/v3/order") return this.#lookup(query, response);
    if (path === "/api/v3/openOrders") {
      return answerJson(response, 200, this.orders.filter((order) => OPEN.has(order.status)).map(view));
    }
    if (path === "/api/v3/allOrders") return answerJson(response, 200, this.orders.map(recentView));
    if (path === "/api/v3/myTrades") {
      const order = this.orders.find((each) => String(each.orderId) === query.get("orderId"));
      return answerJson(response, 200, order?.trades ?? []);
    }
    return answerJson(response, 404, { code: -1, msg: "unknown path" });
  }

  #place(query: URLSearchParams, response: ServerResponse): ServerResponse {
    const { behavior } = this;
    if (behavior === "never-arrive") return response.destroy();
    if (behavior === "reject") {
      return answerJson(response, 400, {
        code: -2010,
        msg: "Account has insufficient balance for requested action.",
      });
    }
    if (behavior === "rate-limit") {
      response.setHeader("retry-after", "1");
      return answerJson(response, 429, { code: -1003, msg: "Too much request weight used." });
    }
    const order: Order = {
      orderId: this.orders.length + 1,
      symbol: query.get("symbol") ?? "",
      clientOrderId: query.get("newClientOrderId") ?? "",
      side: query.get("side") ?? "",
      price: query.get("price") ?? "61000.01",
      quantity: query.get("quantity") ?? "",
      status: "NEW",
      executedQuantity: "0",
      trades: [],
    };
    this.orders.push(order);
    if (behavior !== "rest") this.#fill(order);
    if (behavior === "lose-answer") return response.destroy();
    if (behavior === "hang") return response;
    if (behavior === "answer-503") {
      const msg = "An unexpected response was received from the message bus. Execution status unknown.";
      return answerJson(response, 503, { code: -1006, msg });
    }
    const fills = order.trades.map(({ id, ...trade }) => ({ ...trade, tradeId: id }));
    return answerJson(response, 200, { ...view(order), transactTime: Date.now(), fills });
  }

  #fill(order: Order): void {
    const fills = this.fills ?? [[order.price, order.quantity] as const];
    order.trades = fills.map(([price, qty]) => ({
      id: this.#nextTrade++,
      price,
      qty,
      commission: new Decimal(qty).times("0.001").toFixed(),
      commissionAsset: order.side === "BUY" ? "BTC" : "BNB",
      time: Date.now(),
    }));
    order.executedQuantity = fills.reduce((sum, [, qty]) => sum.plus(qty), new Decimal(0)).toFixed();
    order.status = new Decimal(order.executedQuantity).eq(order.quantity) ? "FILLED" : "PARTIALLY_FILLED";
  }

  #lookup(query: URLSearchParams, response: ServerResponse): ServerResponse {
    const order = this.orders.find((each) => each.clientOrderId === query.get("origClientOrderId"));
    if (order === undefined || this.lagLookups > 0) {
      this.lagLookups -= 1;
      return answerJson(response, 400, { code: -2013, msg: "Order does not exist." });
    }
    return answerJson(response, 200, view(order));
  }

  #cancel(query: URLSearchParams, response: ServerResponse): ServerResponse {
    const order = this.orders.find((each) => each.clientOrderId === query.get("origClientOrderId"));
    if (order === undefined || !OPEN.has(order.status)) {
      return answerJson(response, 400, { code: -2011, msg: "Unknown order sent." });
    }
    order.status = "CANCELED";
    return answerJson(response, 200, view(order));
  }
}

const OPEN = new Set(["NEW", "PARTIALLY_FILLED"]);

const view = (order: Order) => ({
  symbol: order.symbol,
  orderId: order.orderId,
  clientOrderId: order.clientOrderId,
  status: order.status,
  executedQty: order.executedQuantity,
});

const recentView = (order: Order) => ({
  ...view(order),
  side: order.side,
  type: "LIMIT",
  origQty: order.quantity,
  price: order.price,
  time: Date.now(),
});
