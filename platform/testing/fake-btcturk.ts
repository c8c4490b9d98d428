import type { ServerResponse } from "node:http";
import type { WebSocket } from "ws";
import { z } from "zod";
import { signBtcturk } from "../venues/signature.ts";
import {
  answerJson,
  type LoopbackServer,
  type ReceivedRequest,
  startLoopbackServer,
} from "./loopback-server.ts";

export const BTCTURK_KEY = "btcturk-test-key";
export const BTCTURK_SECRET = Buffer.from("btcturk-test-secret").toString("base64");

interface Order {
  readonly id: number;
  readonly clientId: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
  leftAmount: string;
  status: string;
}

const placeBody = z.object({
  quantity: z.string(),
  price: z.string().optional(),
  newOrderClientId: z.string(),
  orderType: z.string(),
});

/**
 * A small BTCTurk for tests: orders fill immediately, or their answer is an HTML 504; one book, sent on
 * subscription.
 */
export class FakeBtcturk {
  readonly orders: Order[] = [];
  readonly stamps: string[] = [];
  behavior: "fill" | "rest" | "html-504" = "fill";
  changeSet = 1000;
  /** Whether the book that a subscription begins with is lost on the way. */
  losesBook = false;
  subscriptions = 0;
  #server: LoopbackServer | undefined;

  get restUrl(): string {
    return `http://127.0.0.1:${this.#server?.port}`;
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.#server?.port}`;
  }

  async start(): Promise<void> {
    this.#server = await startLoopbackServer(
      (request, response) => this.#respond(request, response),
      (socket) => this.#welcome(socket),
    );
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** Sends a 432 with one changed ask, after dropping `skip` frames. */
  change(row: { CP: number; P: string; A: string }, skip = 0): void {
    this.changeSet += 1 + skip;
    const body = { CS: this.changeSet, PS: "BTCUSDT", AO: [row], BO: [] };
    const frame = JSON.stringify([432, { ...body, channel: "obdiff", event: "BTCUSDT", type: 432 }]);
    for (const socket of this.#server?.sockets ?? []) socket.send(frame);
  }

  #welcome(socket: WebSocket): void {
    socket.send(JSON.stringify([991, { type: 991, current: "6.0.0", min: "2.3.0" }]));
    socket.on("message", (data) => {
      if (!data.toString().startsWith("[151,")) return;
      this.subscriptions += 1;
      socket.send(JSON.stringify([100, { type: 100, ok: true, message: "join|obdiff:BTCUSDT" }]));
      const body = {
        CS: this.changeSet,
        PS: "BTCUSDT",
        AO: [{ A: "5", P: "61001" }],
        BO: [{ A: "5", P: "61000" }],
      };
      if (this.losesBook) return;
      socket.send(JSON.stringify([431, { ...body, channel: "obdiff", event: "BTCUSDT", type: 431 }]));
    });
  }

  #respond(request: ReceivedRequest, response: ServerResponse): ServerResponse {
    const { method, path, headers, body, query } = request;
    const stamp = String(headers["x-stamp"]);
    const signed = signBtcturk(BTCTURK_KEY, Number(stamp), BTCTURK_SECRET) === headers["x-signature"];
    if (!signed || this.stamps.includes(stamp)) {
      return answerJson(response, 401, { success: false, message: "Unauthorized", code: 1037, data: null });
    }
    this.stamps.push(stamp);
    if (path === "/api/v1/order" && method === "POST")
      return this.#place(placeBody.parse(JSON.parse(body)), response);
    if (path === "/api/v1/openOrders") {
      const open = this.orders.filter((order) => order.status === "Untouched").map(view);
      return ok(response, { asks: [], bids: open });
    }
    if (path === "/api/v1/allOrders") return ok(response, this.orders.map(view));
    if (path === "/api/v1/users/transactions/trade") {
      const id = Number(query.get("orderId"));
      return ok(
        response,
        this.orders.filter((order) => order.id === id && order.status === "Closed").map(trade),
      );
    }
    const order = this.orders.find((each) => path === `/api/v1/order/${each.id}`);
    if (order !== undefined) return ok(response, view(order));
    return answerJson(response, 400, { success: false, message: "Order not found", code: 1152, data: null });
  }

  #place(body: z.infer<typeof placeBody>, response: ServerResponse): ServerResponse {
    const filled = this.behavior !== "rest";
    const order: Order = {
      id: 7000 + this.orders.length,
      clientId: body.newOrderClientId,
      side: body.orderType,
      price: body.price ?? "61001",
      quantity: body.quantity,
      leftAmount: filled ? "0" : body.quantity,
      status: filled ? "Closed" : "Untouched",
    };
    this.orders.push(order);
    if (this.behavior === "html-504") {
      const page = "<html><h1>504 Gateway Time-out</h1></html>";
      return response.writeHead(504, { "content-type": "text/html" }).end(page);
    }
    return ok(response, { id: order.id, newOrderClientId: order.clientId });
  }
}

const ok = (response: ServerResponse, data: unknown): ServerResponse =>
  answerJson(response, 200, { success: true, message: null, code: 0, data });

const view = (order: Order) => ({
  id: order.id,
  price: order.price,
  quantity: order.quantity,
  leftAmount: order.leftAmount,
  orderClientId: order.clientId,
  status: order.status,
  type: order.side,
  method: "limit",
  time: Date.now(),
});

const trade = (order: Order) => ({
  id: order.id + 90_000,
  orderId: order.id,
  price: order.price,
  amount: order.side === "sell" ? `-${order.quantity}` : order.quantity,
  fee: "-0.0549",
  tax: "0",
  orderType: order.side,
  numeratorSymbol: "BTC",
  denominatorSymbol: "USDT",
  timestamp: Date.now(),
});
