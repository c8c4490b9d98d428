import { once } from "node:events";
import fc from "fast-check";
import { WebSocket } from "ws";
import { PlatformUnderTest } from "../../../platform/testing/platform-under-test.ts";
import { databaseAvailable, startTestDatabase } from "../../../platform/testing/test-database.ts";
import { type FuzzTarget, SHARES, slowTarget } from "../fuzz-target.ts";
import { HttpCaller, shownBy } from "../http-caller.ts";
import { shapesOf } from "../json-shapes.ts";

const ORDER = {
  ...{ accountId: "default", venue: "binance", symbol: "BTCUSDT", side: "buy", type: "limit" },
  ...{ quantity: "0.001", price: "61000.01" },
};
const ODD_TEXTS = [
  "",
  "%",
  "%00",
  "%ff",
  "__proto__",
  "..%2f..%2fetc",
  "x".repeat(300),
  "ı",
  "a b",
  "'; --",
  "-1",
  "NaN",
];
const ID = "00000000-0000-4000-8000-000000000000";
const PATHS = [
  ...["POST /api/orders", "POST /api/orders", "POST /api/orders"],
  ...[`GET /api/orders/${ID}`, `DELETE /api/orders/${ID}`, "GET /api/orders/?", "DELETE /api/orders/?"],
  ...[
    "GET /api/positions?accountId=?",
    "GET /api/positions?accountId=a&accountId=b",
    "GET /api/quotes/binance/?",
  ],
  ...[
    "GET /api/quotes/?/BTCUSDT",
    "GET /api/quotes/constructor/BTCUSDT",
    "GET /api/quotes/bist/THYAO",
    "GET /?",
  ],
  ...[
    "GET /api/healthz",
    "GET /api/features/status",
    "GET /metrics",
    "GET /dashboard",
    "GET /?",
    "PUT /api/orders",
  ],
  ...[
    "POST /api/tools/kill-switch?enable=true&scope=canary&dry_run=true",
    "POST /api/tools/kill-switch?enable=?",
  ],
  ...["POST /api/csp-report", "POST /internal/reset", "GET /ws/quotes"],
];
const HEADERS = [
  {},
  { "content-type": "text/plain" },
  { "content-type": "application/csp-report" },
  { "content-type": "application/json; charset=utf-7" },
  { "x-actor": "me", "x-reason": "why" },
  { "idempotency-key": "k".repeat(256) },
  { "content-encoding": "gzip" },
  { origin: "http://evil.example" },
];
const call = fc
  .tuple(
    fc.constantFrom(...PATHS),
    fc.constantFrom(...ODD_TEXTS),
    fc.constantFrom(...HEADERS),
    fc.nat(10_000),
    shapesOf(ORDER, { "csp-report": { "effective-directive": "script-src" } }, [
      { type: "csp-violation", body: {} },
    ]),
  )
  .map(([path, odd, headers, key, body]) =>
    JSON.stringify({ path: path.replace("?", odd), headers, key, body }),
  );
const message = fc.oneof(
  shapesOf({ type: "ping", id: 7 }, { type: "subscribe", symbols: ["BTCUSDT"] }),
  fc.string({ unit: "binary", maxLength: 200 }),
);

/** The routes of the reference platform, with a database and venues beside it. */
export const sparkTargets: readonly FuzzTarget[] = databaseAvailable
  ? [
      slowTarget("spark-http", SHARES.sockets, call, openRoutes),
      slowTarget("spark-socket", SHARES.sockets, message, openSocket),
    ]
  : [];

async function startPlatform() {
  const database = await startTestDatabase();
  const platform = await PlatformUnderTest.start(database.url);
  const stop = async () => {
    await platform[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  };
  return { platform, stop };
}

async function openRoutes() {
  const { platform, stop } = await startPlatform();
  const caller = new HttpCaller(platform.url);
  return {
    read: async (input: string) => {
      const { path, headers, key, body } = JSON.parse(input);
      const [method = "", target = ""] = (path as string).split(" ");
      const usual = { "content-type": "application/json", "idempotency-key": `k${key}`, "x-actor": "me" };
      const hasBody = method === "POST" || method === "PUT";
      const sent = { method, path: target, headers: { ...usual, ...headers }, body: hasBody ? body : "" };
      return shownBy(await caller.send(sent));
    },
    [Symbol.asyncDispose]: async () => {
      caller.close();
      await stop();
    },
  };
}

async function openSocket() {
  const { platform, stop } = await startPlatform();
  let socket: WebSocket | null = null;
  const connected = async (): Promise<WebSocket> => {
    if (socket?.readyState === WebSocket.OPEN) return socket;
    socket = new WebSocket(`${platform.url.replace("http", "ws")}/ws/quotes`);
    socket.on("error", () => undefined);
    await once(socket, "open");
    return socket;
  };
  return {
    read: async (input: string) => {
      const open = await connected();
      const ended = Promise.withResolvers<void>();
      const end = () => ended.resolve();
      open.once("pong", end).once("close", end);
      open.send(input);
      open.ping();
      await ended.promise;
      open.off("pong", end).off("close", end);
    },
    [Symbol.asyncDispose]: async () => {
      socket?.terminate();
      await stop();
    },
  };
}
