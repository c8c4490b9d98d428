import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SOCKET_METHODS } from "./binance/documented/socket-methods.ts";
import { DEFECT_WARNING } from "./defect.ts";
import { type RunningExchanges, startExchanges } from "./start-exchanges.ts";
import { BtcturkTestClient } from "./testing/btcturk-client.ts";
import { hostileJson, nearlyValid } from "./testing/hostile-json.ts";
import { TestSocket } from "./testing/socket.ts";

/** Messages that each surface receives. The environment can ask for a longer run. */
// biome-ignore lint/style/noProcessEnv: a test has no other way to be asked for more
const CASES = Number(process.env.KANIT_FUZZ_CASES ?? 500);
const TIMEOUT_MS = 20_000 + 5 * CASES;
/** The stream server disconnects a client that sends more than five messages a second. */
const STREAM_MESSAGES = 5;

let exchanges: RunningExchanges;
const defects: string[] = [];
const noteDefect = (warning: Error & { detail?: string }): void => {
  if (warning.name === DEFECT_WARNING) defects.push(warning.detail ?? warning.message);
};

beforeAll(async () => {
  process.on("warning", noteDefect);
  exchanges = await startExchanges({ seed: 3, tapeSpeed: 10 });
  await exchanges.ready;
});
beforeEach(() => defects.splice(0));
// Warnings for defects are emitted one turn of the event loop later.
afterEach(() => expect(defects).toEqual([]));
afterAll(async () => {
  process.off("warning", noteDefect);
  await exchanges.stop();
});

/** Sends messages and waits until each was read: the socket answers pings in order. */
async function sendAll(url: string, messages: readonly string[]): Promise<void> {
  await using client = await TestSocket.open(url);
  const closed = new Promise<void>((resolve) => client.socket.once("close", () => resolve()));
  const ponged = new Promise<void>((resolve) => client.socket.once("pong", () => resolve()));
  for (const message of messages) client.send(message);
  client.socket.ping();
  await Promise.race([ponged, closed]);
}

async function sendInParts(url: string, messages: readonly string[], partSize: number): Promise<void> {
  for (let start = 0; start < messages.length; start += partSize) {
    await sendAll(url, messages.slice(start, start + partSize));
  }
}

const JSON_BODY = { "content-type": "application/json" };
const sample = (arbitrary: fc.Arbitrary<string>): string[] => fc.sample(arbitrary, CASES);
const ID = [1, "id", null, 0, -1];
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "NOPE"];
const STREAMS = [
  "trade",
  "depth",
  "depth5@100ms",
  "kline_1s",
  "kline_1M@+08:00",
  "ticker_1h",
  "avgPrice",
  "aggTrade",
];

const streamMessage = fc.oneof(
  hostileJson,
  nearlyValid({
    method: ["SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"],
    params: [STREAMS.map((kind) => `btcusdt@${kind}`), ["combined", true], ["combined"], ["!ticker@arr"]],
    id: ID,
  }),
);

const apiParameters = nearlyValid({
  symbol: SYMBOLS,
  symbols: [SYMBOLS, ["BTCUSDT"]],
  apiKey: ["kanit-binance-key"],
  timestamp: [Date.now()],
  signature: ["00"],
  side: ["BUY"],
  type: ["LIMIT", "MARKET"],
  quantity: ["0.001", 0.001],
  price: ["60000"],
  interval: ["1m"],
  limit: [5],
});
const apiMessage = fc.oneof(
  hostileJson,
  nearlyValid({ method: [...SOCKET_METHODS.keys()], params: [{}], id: ID }),
  fc
    .tuple(fc.constantFrom(...SOCKET_METHODS.keys()), apiParameters)
    .map(([method, params]) => `{"id":1,"method":"${method}","params":${params}}`),
);

const feedModel = nearlyValid({
  type: [151, 114, 154],
  channel: ["obdiff", "orderbook", "ticker", "trade", "tradeview", "all"],
  event: ["BTCUSDT", "all", "BTCUSDT_60", "BTCUSDT_1D"],
  join: [true, false],
  code: [421],
  publicKey: ["kanit-btcturk-key"],
  timestamp: [Date.now()],
  nonce: [3_000],
  signature: ["x"],
});
const feedMessage = fc.oneof(
  hostileJson,
  fc.tuple(fc.constantFrom(151, 114, 154), feedModel).map(([type, model]) => `[${type},${model}]`),
);

const bistMessage = fc.oneof(
  hostileJson,
  nearlyValid({ type: ["subscribe", "unsubscribe"], symbols: [["THYAO"], ["NOPE"], []] }),
);

describe("whatever a client sends", () => {
  const port = () => exchanges.addresses;

  it("to a market stream, the stubs keep running", { timeout: TIMEOUT_MS }, async () => {
    await sendInParts(`ws://127.0.0.1:${port().binance.wsPort}/ws`, sample(streamMessage), STREAM_MESSAGES);
  });

  it("to the WebSocket API, the stubs keep running", { timeout: TIMEOUT_MS }, async () => {
    await sendInParts(`ws://127.0.0.1:${port().binance.wsPort}/ws-api/v3`, sample(apiMessage), 200);
  });

  it("to BTCTurk's feed, the stubs keep running", { timeout: TIMEOUT_MS }, async () => {
    await sendInParts(`ws://127.0.0.1:${port().btcturk.wsPort}`, sample(feedMessage), 200);
  });

  it("to the BIST feed, the stubs keep running", { timeout: TIMEOUT_MS }, async () => {
    await sendInParts(`ws://127.0.0.1:${port().bist.wsPort}`, sample(bistMessage), 200);
  });

  it("as the path of a WebSocket, the stubs keep running", { timeout: TIMEOUT_MS }, async () => {
    const url = fc.webUrl({ withQueryParameters: true }).map((text) => new URL(text));
    const prefix = fc.constantFrom("", "/ws", "/stream", "/ws-api/v3");
    for (const [start, { pathname, search }] of fc.sample(fc.tuple(prefix, url), CASES / 10)) {
      for (const { wsPort } of [port().binance, port().btcturk, port().bist]) {
        await sendAll(`ws://127.0.0.1:${wsPort}${start}${pathname}${search}`, ["{}"]);
      }
    }
  });
});

describe("whatever a request contains", () => {
  const order = nearlyValid({
    pairSymbol: ["BTCUSDT"],
    orderType: ["buy", "constructor"],
    orderMethod: ["limit", "market", "__proto__"],
    quantity: ["0.001", 0.001, 1e308],
    price: ["60000", 1e-300],
    stopPrice: ["60000"],
    newOrderClientId: ["me"],
  });
  const command = nearlyValid({
    every: [1],
    times: [1],
    share: [0.5],
    ttlMs: [1],
    seed: [1],
    phase: ["closed"],
  });

  it("BTCTurk answers it, without a defect", { timeout: TIMEOUT_MS }, async () => {
    const client = new BtcturkTestClient(exchanges);
    const base = `http://127.0.0.1:${exchanges.addresses.btcturk.restPort}`;
    for (const body of sample(fc.oneof(hostileJson, order))) {
      const reply = await fetch(`${base}/api/v1/order`, { method: "POST", headers: client.headers(), body });
      expect([200, 400]).toContain(reply.status);
      await reply.text();
    }
  });

  it("the control API answers it, without a defect", { timeout: TIMEOUT_MS }, async () => {
    const { control } = exchanges.addresses;
    const paths = fc.constantFrom(
      ...["/venues/binance/misbehaviors/gap", "/venues/bist/session", "/venues/__proto__/orders", "/venues"],
      ...[
        "/venues/btcturk/misbehaviors/constructor",
        "/pause",
        "/resume",
        "/books",
        "/%00",
        "/venues/bist/%ff",
      ],
    );
    const methods = fc.constantFrom("PUT", "POST", "DELETE");
    const requests = fc.sample(fc.tuple(methods, paths, fc.oneof(hostileJson, command)), CASES);
    for (const [method, path, body] of requests) {
      const reply = await fetch(control + path, { method, headers: JSON_BODY, body });
      expect([200, 400, 404]).toContain(reply.status);
      await reply.text();
    }
  });

  it("one that is too long is refused with 413, and one that is cut off has no effect", async () => {
    const { control } = exchanges.addresses;
    const reply = await fetch(`${control}/reset`, {
      method: "POST",
      headers: JSON_BODY,
      body: "x".repeat(300_000),
    });
    expect(reply.status).toBe(413);
    const abort = new AbortController();
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode("{"));
        setImmediate(() => abort.abort());
      },
    });
    const cut = fetch(`${control}/reset`, { method: "POST", body, duplex: "half", signal: abort.signal });
    await expect(cut).rejects.toThrow();
    expect((await fetch(`${control}/health`)).status).toBe(200);
  });
});
