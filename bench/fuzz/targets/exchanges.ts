import { once } from "node:events";
import fc from "fast-check";
import { WebSocket } from "ws";
import { signBinance } from "../../../exchanges/binance/rest/authentication.ts";
import { ENDPOINTS } from "../../../exchanges/binance/rest/endpoints.ts";
import { API_METHODS } from "../../../exchanges/binance/ws-api/methods.ts";
import { type RunningExchanges, startExchanges } from "../../../exchanges/start-exchanges.ts";
import { BtcturkTestClient } from "../../../exchanges/testing/btcturk-client.ts";
import { hostileJson } from "../../../exchanges/testing/hostile-json.ts";
import { type FuzzTarget, type OpenedTarget, SHARES, slowTarget } from "../fuzz-target.ts";
import { HttpCaller, shownBy } from "../http-caller.ts";
import { shapesOf } from "../json-shapes.ts";

const BINANCE_KEY = "kanit-binance-key";
const BINANCE_SECRET = "kanit-binance-secret";
/** The stream server disconnects a client that sends more than five messages a second. */
const STREAM_MESSAGES = 5;
const OTHER_MESSAGES = 500;

const ODD_PARAMETERS = [
  ...[
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "9".repeat(50),
    "0.00000000001",
    "1e-300",
    "[",
    "[[[[",
    '["BTCUSDT"]',
    '["x"',
  ],
  ...[
    "%",
    "%ff",
    "null",
    "true",
    "__proto__",
    "constructor",
    "ı",
    "\u0000",
    "x".repeat(300),
    "1717243200000",
  ],
];
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  symbol: ["BTCUSDT", "ETHUSDT", "NOPE"],
  symbols: ['["BTCUSDT","ETHUSDT"]', '["NOPE"]'],
  ...{
    side: ["BUY", "SELL"],
    type: ["LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS"],
    timeInForce: ["GTC", "IOC"],
  },
  ...{
    quantity: ["0.001", "1000000"],
    quoteOrderQty: ["100"],
    price: ["60000", "0.01"],
    stopPrice: ["60000"],
  },
  ...{ orderId: ["1", "2"], origClientOrderId: ["me"], newClientOrderId: ["me"], cancelOrderId: ["1"] },
  ...{ cancelReplaceMode: ["STOP_ON_FAILURE", "ALLOW_FAILURE"], newOrderRespType: ["FULL", "ACK"] },
  ...{
    limit: ["5", "1000"],
    fromId: ["1"],
    startTime: ["1"],
    endTime: ["1717243200000"],
    recvWindow: ["5000"],
  },
  ...{ interval: ["1m", "1M", "1s"], timeZone: ["+03:00", "0"], windowSize: ["1h", "7d"], listenKey: ["x"] },
  ...{
    pairSymbol: ["BTCUSDT", "BTCTRY"],
    last: ["10"],
    from: ["1"],
    to: ["1717243200"],
    resolution: ["60", "1D"],
  },
  ...{
    orderById: ["1"],
    page: ["1"],
    status: ["all"],
    omitZeroBalances: ["true"],
    permissions: ['["SPOT"]'],
  },
};

/** Query parameters, each left out, as clients send it, or odd. */
const query = fc
  .tuple(
    ...Object.entries(PARAMETERS).map(([name, usual]) =>
      fc.oneof(
        { weight: 6, arbitrary: fc.constant(null) },
        { weight: 4, arbitrary: fc.constantFrom(...usual).map((value) => [name, value] as const) },
        { weight: 2, arbitrary: fc.constantFrom(...ODD_PARAMETERS).map((value) => [name, value] as const) },
      ),
    ),
  )
  .map((pairs) => new URLSearchParams(Object.fromEntries(pairs.filter((pair) => pair !== null))).toString());

const binanceCall = fc
  .tuple(fc.constantFrom(...ENDPOINTS.keys(), "GET /api/v3/nope", "PATCH /api/v3/order"), query, fc.nat(9))
  .map(([name, text, signs]) => JSON.stringify({ name, text, signs }));

const BTCTURK_ENDPOINTS = [
  ...[
    "GET /api/v2/ticker",
    "GET /api/v2/orderbook",
    "GET /api/v2/trades",
    "GET /api/v2/ohlcs",
    "GET /v1/ohlcs",
  ],
  ...[
    "GET /v1/klines/history",
    "GET /api/v2/server/exchangeinfo",
    "GET /api/v1/users/balances",
    "POST /api/v1/order",
  ],
  ...[
    "GET /api/v1/users/transactions/trade",
    "GET /api/v1/users/transactions/crypto",
    "GET /api/v1/openOrders",
  ],
  ...[
    "GET /api/v1/allOrders",
    "DELETE /api/v1/order",
    "GET /api/v1/order/1",
    "GET /api/v1/order/%00",
    "GET //",
  ],
];
const BTCTURK_ORDER = {
  ...{ pairSymbol: "BTCUSDT", orderType: "buy", orderMethod: "limit", quantity: "0.001", price: "60000" },
  ...{ stopPrice: "60000", newOrderClientId: "me" },
};
const btcturkCall = fc
  .tuple(fc.constantFrom(...BTCTURK_ENDPOINTS), query, shapesOf(BTCTURK_ORDER), fc.nat(9))
  .map(([name, text, body, signs]) => JSON.stringify({ name, text, body, signs }));

const CONTROL_PATHS = [
  ...[
    "GET /health",
    "GET /books",
    "POST /reset",
    "POST /pause",
    "POST /resume",
    "GET /venues",
    "PUT /x",
    "POST //",
  ],
  ...["GET /venues/binance/orders", "GET /venues/btcturk/balances", "GET /venues/binance/account"],
  ...["PUT /venues/binance/misbehaviors/gap", "PUT /venues/btcturk/misbehaviors/order-failed"],
  ...["PUT /venues/binance/misbehaviors/ack-lost", "PUT /venues/binance/misbehaviors/late-reply"],
  ...[
    "DELETE /venues/binance/misbehaviors/gap",
    "GET /venues/binance/misbehaviors",
    "GET /venues/__proto__/orders",
  ],
  ...["PUT /venues/bist/session", "GET /venues/bist/session", "GET /venues/btcturk/misbehaviors/constructor"],
];
const CONTROL_BODIES = [
  { every: 3, times: 1, share: 0.5, ttlMs: 1_000, latencyMs: 5, phase: "closed" },
  { seed: 1 },
  { phase: "continuous" },
];
const controlCall = fc
  .tuple(fc.constantFrom(...CONTROL_PATHS), shapesOf(...CONTROL_BODIES))
  .map(([name, body]) => JSON.stringify({ name, text: "", body, signs: 0 }));

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
  ...API_METHODS.keys(),
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

interface Call {
  readonly name: string;
  readonly text: string;
  readonly body?: string;
  readonly signs: number;
}

/** Every port of the exchange stubs, each with what its venue's clients send, in other shapes. */
export const exchangeTargets: readonly FuzzTarget[] = [
  overHttp("binance-rest", binanceCall, (exchanges) => ({
    url: `http://127.0.0.1:${exchanges.addresses.binance.restPort}`,
    headers: () => ({ "x-mbx-apikey": BINANCE_KEY }),
    queryOf: ({ text, signs }) => (signs === 0 ? text : signed(text)),
  })),
  overHttp("btcturk-rest", btcturkCall, (exchanges) => {
    const client = new BtcturkTestClient(exchanges);
    return {
      url: `http://127.0.0.1:${exchanges.addresses.btcturk.restPort}`,
      headers: () => ({
        ...(client.headers() as Record<string, string>),
        "content-type": "application/json",
      }),
      queryOf: ({ text }) => text,
    };
  }),
  overHttp("venues-control", controlCall, (exchanges) => ({
    url: exchanges.addresses.control,
    headers: () => ({ "content-type": "application/json" }),
    queryOf: ({ text }) => text,
  })),
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
      const exchanges = await started();
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

async function started(): Promise<RunningExchanges> {
  const exchanges = await startExchanges({ seed: 3, tapeSpeed: 5 });
  await exchanges.ready;
  return exchanges;
}

function signed(text: string): string {
  const whole = `${text}${text === "" ? "" : "&"}timestamp=${Date.now()}`;
  return `${whole}&signature=${signBinance(whole, BINANCE_SECRET)}`;
}

function overHttp(
  name: string,
  inputs: fc.Arbitrary<string>,
  clientOf: (exchanges: RunningExchanges) => {
    readonly url: string;
    readonly headers: () => Readonly<Record<string, string>>;
    readonly queryOf: (call: Call) => string;
  },
): FuzzTarget {
  return slowTarget(name, SHARES.sockets, inputs, async () => {
    const exchanges = await started();
    const { url, headers, queryOf } = clientOf(exchanges);
    const caller = new HttpCaller(url);
    return {
      read: async (input) => {
        const call = JSON.parse(input) as Call;
        const [method = "", path = ""] = call.name.split(" ");
        const found = queryOf(call);
        const target = found === "" ? path : `${path}?${found}`;
        const sent = { method, path: target, headers: headers(), body: call.body ?? "" };
        return shownBy(await caller.send(sent));
      },
      [Symbol.asyncDispose]: async () => {
        caller.close();
        await exchanges.stop();
      },
    };
  });
}

function overSocket(
  name: string,
  inputs: fc.Arbitrary<string>,
  messagesEach: number,
  addressOf: (addresses: RunningExchanges["addresses"]) => string,
): FuzzTarget {
  return slowTarget(name, SHARES.sockets, inputs, async () => {
    const exchanges = await started();
    const chatter = new Chatter(`ws://127.0.0.1:${addressOf(exchanges.addresses)}`, messagesEach);
    return {
      read: (input) => chatter.say(input),
      [Symbol.asyncDispose]: async () => {
        chatter.close();
        await exchanges.stop();
      },
    } satisfies OpenedTarget;
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
