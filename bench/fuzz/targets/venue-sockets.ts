import { once } from "node:events";
import fc from "fast-check";
import { WebSocket } from "ws";
import { SOCKET_METHODS } from "../../../exchanges/binance/documented/socket-methods.ts";
import type { RunningExchanges } from "../../../exchanges/start-exchanges.ts";
import { hostileJson } from "../../../exchanges/testing/hostile-json.ts";
import { type FuzzTarget, SHARES, slowTarget } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";
import { startStubs } from "../stub-server.ts";

const BINANCE_KEY = "kanit-binance-key";
/** The stream server disconnects a client that sends more than five messages a second. */
const STREAM_MESSAGES = 5;
const OTHER_MESSAGES = 500;
const API_PARAMETERS = {
  ...{
    symbol: "BTCUSDT",
    symbols: ["BTCUSDT"],
    apiKey: BINANCE_KEY,
    timestamp: 1_717_243_200_000,
    signature: "00",
  },
  ...{
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    quantity: "0.001",
    price: "60000",
    interval: "1m",
    limit: 5,
  },
};
const apiMethods = [
  ...SOCKET_METHODS.keys(),
  "session.logon",
  "session.status",
  "userDataStream.subscribe.signature",
];
const apiMessage = fc.oneof(
  hostileJson,
  shapesOf(...apiMethods.map((method) => ({ id: 1, method, params: API_PARAMETERS }))),
);
const streamMessage = fc.oneof(
  hostileJson,
  shapesOf(
    {
      method: "SUBSCRIBE",
      params: ["btcusdt@trade", "btcusdt@kline_1M@+08:00", "btcusdt@depth5@100ms"],
      id: 1,
    },
    { method: "UNSUBSCRIBE", params: ["!ticker@arr"], id: "x" },
    { method: "SET_PROPERTY", params: ["combined", true], id: 2 },
    { method: "LIST_SUBSCRIPTIONS", id: 3 },
  ),
);
const feedMessage = fc.oneof(
  hostileJson,
  shapesOf(
    [151, { type: 151, channel: "orderbook", event: "BTCUSDT", join: true }],
    [151, { type: 151, channel: "tradeview", event: "BTCUSDT_60", join: true }],
    [114, { type: 114, publicKey: "kanit-btcturk-key", timestamp: 1, nonce: 3_000, signature: "x" }],
  ),
);
const bistMessage = fc.oneof(
  hostileJson,
  shapesOf({ type: "subscribe", symbols: ["THYAO"] }, { type: "unsubscribe", symbols: ["NOPE"] }),
);
const WEB_SOCKET_PATHS = [
  "/",
  "/ws",
  "/stream?streams=btcusdt@trade/%ff",
  "/ws/btcusdt@kline_9x",
  "/ws-api/v3",
  "/%00",
];

/** Every WebSocket of the exchange stubs, each with what its venue's clients send, in other shapes. */
export const venueSocketTargets: readonly FuzzTarget[] = [
  overSocket("binance-streams", streamMessage, STREAM_MESSAGES, ({ binance }) => `${binance.wsPort}/ws`),
  overSocket("binance-ws-api", apiMessage, OTHER_MESSAGES, ({ binance }) => `${binance.wsPort}/ws-api/v3`),
  overSocket("btcturk-feed", feedMessage, OTHER_MESSAGES, ({ btcturk }) => `${btcturk.wsPort}`),
  overSocket("bist-feed", bistMessage, OTHER_MESSAGES, ({ bist }) => `${bist.wsPort}`),
  slowTarget(
    "venues-socket-paths",
    SHARES.sockets,
    fc
      .tuple(fc.constantFrom(...WEB_SOCKET_PATHS), fc.webPath(), fc.nat(2))
      .map((parts) => JSON.stringify(parts)),
    async () => {
      const exchanges = await startStubs();
      const { binance, btcturk, bist } = exchanges.addresses;
      return {
        read: async (input) => {
          const [start, path, which] = JSON.parse(input) as [string, string, number];
          const port = [binance.wsPort, btcturk.wsPort, bist.wsPort][which];
          const socket = new WebSocket(`ws://127.0.0.1:${port}${start}${path}`);
          socket.on("error", () => undefined);
          const opened = once(socket, "open").then(
            () => socket.close(),
            () => undefined,
          );
          await Promise.all([new Promise((resolve) => socket.once("close", resolve)), opened]);
        },
        [Symbol.asyncDispose]: () => exchanges.stop(),
      };
    },
  ),
];

function overSocket(
  name: string,
  inputs: fc.Arbitrary<string>,
  messagesEach: number,
  addressOf: (addresses: RunningExchanges["addresses"]) => string,
): FuzzTarget {
  return slowTarget(name, SHARES.sockets, inputs, async () => {
    const exchanges = await startStubs();
    const chatter = new Chatter(`ws://127.0.0.1:${addressOf(exchanges.addresses)}`, messagesEach);
    return {
      read: (input) => chatter.say(input),
      [Symbol.asyncDispose]: async () => {
        chatter.close();
        await exchanges.stop();
      },
    };
  });
}

/** A client that sends one message after the other, on another connection when the server has closed one. */
class Chatter {
  readonly #url: string;
  readonly #messagesEach: number;
  #socket: WebSocket | null = null;
  #said = 0;
  #received = "";

  constructor(url: string, messagesEach: number) {
    this.#url = url;
    this.#messagesEach = messagesEach;
  }

  /** Sends a message, and waits until it was read: the server answers pings in order. Returns what came meanwhile. */
  async say(message: string): Promise<string> {
    this.#received = "";
    const socket = await this.#open();
    const ended = Promise.withResolvers<void>();
    const end = () => ended.resolve();
    socket.once("pong", end);
    socket.once("close", end);
    socket.send(message);
    socket.ping();
    await ended.promise;
    socket.off("pong", end);
    socket.off("close", end);
    this.#said += 1;
    if (this.#said >= this.#messagesEach) this.close();
    return this.#received;
  }

  close(): void {
    this.#socket?.terminate();
    this.#socket = null;
    this.#said = 0;
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    this.close();
    const socket = new WebSocket(this.#url);
    socket.on("error", () => undefined);
    socket.on("message", (data) => {
      this.#received += String(data).slice(0, 10_000);
    });
    await once(socket, "open");
    this.#socket = socket;
    return socket;
  }
}
