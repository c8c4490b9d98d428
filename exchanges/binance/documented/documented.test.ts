import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";
import { BinanceApiTestClient } from "../../testing/binance-api-client.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";
import { TestSocket } from "../../testing/socket.ts";
import { DOCUMENTED_CALLS } from "./rest-calls.ts";
import { SOCKET_METHODS } from "./socket-methods.ts";

/** The venue's own client library, which is generated from its documents. */
const LIBRARY = readFileSync(fileURLToPath(import.meta.resolve("@binance/spot")), "utf8");

let exchanges: RunningExchanges;
let client: BinanceTestClient;
let url: string;
beforeAll(async () => {
  exchanges = await startExchanges({ seed: 11 });
  client = new BinanceTestClient(exchanges);
  url = `http://127.0.0.1:${exchanges.addresses.binance.restPort}`;
});
afterAll(() => exchanges.stop());

const ask = (path: string, parameters: Record<string, string>) =>
  client.send("GET", `${path}?${new URLSearchParams(parameters)}`);

/** The library's calls: each function writes its parameters, then its path and method. */
function callsOfLibrary(): ReadonlyMap<string, readonly string[]> {
  const calls = new Map<string, readonly string[]>();
  let from = 0;
  for (const { 0: text, 1: path, 2: method, index } of LIBRARY.matchAll(
    /endpoint: "(\/api\/v3\/[^"]*)",\s*method: "([A-Z]+)"/g,
  )) {
    const body = LIBRARY.slice(from, index);
    const names = body.slice(body.lastIndexOf("async (")).matchAll(/localVarQueryParameter\["([^"]+)"\]/g);
    const own = [...names].map(([, name]) => name ?? "").filter((name) => name !== "recvWindow");
    calls.set(`${method} ${path}`, own.sort());
    from = index + text.length;
  }
  return calls;
}

describe("the tables of the venue's documented interface", () => {
  it("have the endpoints of its own library, with their parameters", () => {
    const listed = new Map(DOCUMENTED_CALLS.map(({ call, parameters }) => [call, [...parameters].sort()]));
    expect(listed).toEqual(callsOfLibrary());
    expect(listed.size).toBe(48);
  });

  it("have the methods of the WebSocket API of its own library", () => {
    const methods = [...LIBRARY.matchAll(/sendMessage\("\/([a-zA-Z.0-9]+)"/g)].map(([, name]) => name);
    expect([...SOCKET_METHODS.keys()].sort()).toEqual([...new Set(methods)].sort());
    expect(SOCKET_METHODS.size).toBe(55);
  });

  it("say what is missing: it is refused, and everything else is answered", async () => {
    for (const { call, state } of DOCUMENTED_CALLS) {
      const [method = "", path = ""] = call.split(" ");
      const { status } = await fetch(`${url}${path}`, { method });
      expect([call, status === 404], call).toEqual([call, state.kind === "missing"]);
    }
  });

  it("say which methods are missing: they are refused with -1020", async () => {
    const missing = new Set(
      DOCUMENTED_CALLS.filter(({ state }) => state.kind === "missing").map(({ call }) => call),
    );
    await using api = await BinanceApiTestClient.open(exchanges);
    for (const [method, call] of SOCKET_METHODS) {
      const { error } = await api.call(method, {});
      expect([method, error?.code === -1020]).toEqual([method, call !== null && missing.has(call)]);
    }
  });
});

describe("no parameter is ignored in silence:", () => {
  const ORDER = {
    symbol: "BTCUSDT",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    price: "30000",
    quantity: "0.001",
  };

  it("one that the endpoint does not document is refused with the venue's own words", async () => {
    const { status, body } = await ask("/api/v3/depth", { symbol: "BTCUSDT", levels: "5" });
    expect([status, body]).toEqual([
      400,
      { code: -1104, msg: "Not all sent parameters were read; read '1' parameter(s) but was sent '2'." },
    ]);
    const refused = await client.signed("POST", "/api/v3/order", { ...ORDER, postOnly: "true" });
    expect(refused.body.code).toBe(-1104);
  });

  it("a strategy is kept on its order, and one of a type that is not allowed refused", async () => {
    const strategy = { strategyId: "7", strategyType: "1000001" };
    const { body } = await client.signed("POST", "/api/v3/order", { ...ORDER, ...strategy });
    expect(body).toMatchObject({ strategyId: 7, strategyType: 1_000_001 });
    const { body: found } = await client.signed("GET", "/api/v3/order", {
      symbol: "BTCUSDT",
      orderId: body.orderId,
    });
    expect(found).toMatchObject({ strategyId: 7, strategyType: 1_000_001 });
    const low = await client.signed("POST", "/api/v3/order", { ...ORDER, strategyType: "5" });
    expect(low.body.code).toBe(-1134);
  });

  it("a pegged order is refused as for a symbol that allows none", async () => {
    const { body } = await client.signed("POST", "/api/v3/order", { ...ORDER, pegPriceType: "PRIMARY_PEG" });
    expect(body).toEqual({ code: -2010, msg: "Pegged orders are not supported for this symbol." });
  });

  it("symbolStatus selects symbols, and refuses a single one of another status", async () => {
    const all = await ask("/api/v3/ticker/price", { symbolStatus: "TRADING" });
    expect(all.body).toHaveLength(2);
    expect((await ask("/api/v3/ticker/price", { symbolStatus: "HALT" })).body).toEqual([]);
    const one = await ask("/api/v3/depth", { symbol: "BTCUSDT", symbolStatus: "BREAK" });
    expect(one.body.code).toBe(-1220);
    expect((await ask("/api/v3/ticker/24hr", { symbolStatus: "OPEN" })).body.code).toBe(-1122);
  });

  it("showPermissionSets leaves the permissions out", async () => {
    const sets = async (parameters: Record<string, string>) =>
      (await ask("/api/v3/exchangeInfo", { symbol: "BTCUSDT", ...parameters })).body.symbols[0]
        .permissionSets;
    expect([await sets({}), await sets({ showPermissionSets: "false" })]).toEqual([[["SPOT"]], []]);
  });

  it("times are in microseconds on request, over REST and on every socket", async () => {
    const answer = await fetch(`${url}/api/v3/time`, {
      headers: { "X-MBX-TIME-UNIT": "microsecond" },
    });
    expect(String(((await answer.json()) as { serverTime: number }).serverTime)).toHaveLength(16);
    const wrong = await fetch(`${url}/api/v3/time`, { headers: { "X-MBX-TIME-UNIT": "NANOSECOND" } });
    expect(await wrong.json()).toMatchObject({ code: -1194 });
    const { wsPort } = exchanges.addresses.binance;
    const address = `ws://127.0.0.1:${wsPort}/ws/btcusdt@depth@100ms?timeUnit=MICROSECOND`;
    await using stream = await TestSocket.open(address);
    await stream.until(({ messages }) => messages.length > 0);
    const frame = JSON.parse(stream.texts[0] ?? "");
    expect([String(frame.E).length, String(frame.u).length < 13]).toEqual([16, true]);
  });

  it("SBE is refused as an account without it is", async () => {
    const codeFor = async (headers: Record<string, string>) =>
      ((await (await fetch(`${url}/api/v3/time`, { headers })).json()) as { code: number }).code;
    expect(await codeFor({ "X-MBX-SBE": "3:1" })).toBe(-1155);
    expect(await codeFor({ "X-MBX-SBE": "yes" })).toBe(-1152);
  });
});
