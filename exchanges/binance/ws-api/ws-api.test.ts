import { generateKeyPairSync, sign } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningExchanges } from "../../start-exchanges.ts";
import { BinanceApiTestClient } from "../../testing/binance-api-client.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";
import { startOnHandTape } from "../../testing/hand-tape.ts";

let exchanges: RunningExchanges;

beforeAll(async () => {
  exchanges = await startOnHandTape([], { tapeStart: "paused" });
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const ORDER = {
  ...{ symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", price: "40000", quantity: "0.01" },
};

describe("a request of the WebSocket API", () => {
  it("is answered with its id, its result and the weight it used", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    const rateLimits = [
      { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 6_000, count: 3 },
    ];
    expect(await client.call("ping")).toEqual({ id: 1, status: 200, result: {}, rateLimits });
    const depth = await client.call("v3/depth", { symbol: "BTCUSDT", limit: 1 });
    expect(depth.result).toEqual({
      ...{
        lastUpdateId: 1_000,
        bids: [["50000.00000000", "1.00000000"]],
        asks: [["50001.00000000", "1.00000000"]],
      },
    });
  });

  it("omits the rate limits when the request or the connection asks for that", async () => {
    await using client = await BinanceApiTestClient.open(exchanges, { query: "?returnRateLimits=false" });
    expect(await client.call("ping")).not.toHaveProperty("rateLimits");
    expect(await client.call("ping", { returnRateLimits: true })).toHaveProperty("rateLimits");
  });

  it("accepts lists as lists", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    const { result } = await client.call("ticker.price", { symbols: ["BTCUSDT"] });
    expect(result).toEqual([{ symbol: "BTCUSDT", price: "50000.00000000" }]);
  });

  it("that cannot be read is answered with an error and its id, if it has one", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    client.socket.send("{");
    client.socket.send('{"id":"x","params":[]}');
    await client.socket.until(({ messages }) => messages.length === 2);
    expect(client.socket.parsed.map(({ id, status, error }) => [id, status, error.code])).toEqual([
      [null, 400, -1135],
      ["x", 400, -1102],
    ]);
    expect((await client.call("order.unplace")).error.code).toBe(-1020);
    expect((await client.call("constructor")).error.code).toBe(-1020);
    expect((await client.call("depth", { symbol: "NOPE" })).error).toEqual({
      code: -1121,
      msg: "Invalid symbol.",
    });
  });

  it.each(["klines", "uiKlines"])("%s answers as REST does", async (method) => {
    await using client = await BinanceApiTestClient.open(exchanges);
    expect((await client.call(method, { symbol: "BTCUSDT", interval: "1m" })).result).toEqual([]);
  });
});

describe("an order over the WebSocket API", () => {
  it("is placed, found, replaced and canceled by signed requests", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    const placed = await client.signed("order.place", { ...ORDER, newClientOrderId: "ws" });
    expect(placed).toMatchObject({ status: 200, result: { clientOrderId: "ws", status: "NEW" } });
    expect(
      placed.rateLimits.map(({ rateLimitType, count }: Record<string, unknown>) => [rateLimitType, count]),
    ).toEqual([
      ["ORDERS", 1],
      ["ORDERS", 1],
      ["REQUEST_WEIGHT", 2],
    ]);
    const { orderId } = placed.result;
    const found = await client.signed("order.status", { symbol: "BTCUSDT", orderId });
    expect(found.result).toMatchObject({ orderId, status: "NEW" });
    const replaced = await client.signed("order.cancelReplace", {
      ...{ ...ORDER, cancelReplaceMode: "STOP_ON_FAILURE", cancelOrderId: orderId },
    });
    expect(replaced.result).toMatchObject({ cancelResult: "SUCCESS", newOrderResult: "SUCCESS" });
    const all = await client.signed("openOrders.cancelAll", { symbol: "BTCUSDT" });
    expect(all.result).toHaveLength(1);
    expect((await client.signed("openOrders.status")).result).toEqual([]);
    expect((await client.signed("allOrders", { symbol: "BTCUSDT" })).result).toHaveLength(2);
  });

  it("may have numbers for values, which are signed as they are written", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    const { result } = await client.signed("order.place", { ...ORDER, price: 40_000, quantity: 0.01 });
    expect(result).toMatchObject({ status: "NEW", price: "40000.00000000", origQty: "0.01000000" });
  });

  it("is refused with status and error, partial failures with their data", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    const unsigned = await client.call("order.place", { ...ORDER, timestamp: Date.now() });
    expect([unsigned.status, unsigned.error.code]).toEqual([400, -1102]);
    const forged = await client.call("order.place", {
      ...{ ...ORDER, timestamp: Date.now(), apiKey: "kanit-binance-key", signature: "00" },
    });
    expect(forged.error).toEqual({ code: -1022, msg: "Signature for this request is not valid." });
    const partial = await client.signed("order.cancelReplace", {
      ...{ ...ORDER, cancelReplaceMode: "ALLOW_FAILURE", cancelOrigClientOrderId: "nobody" },
    });
    expect(partial).toMatchObject({
      status: 409,
      error: { code: -2021, data: { cancelResult: "FAILURE", newOrderResult: "SUCCESS" } },
    });
  });
});

describe("over the limits", () => {
  it("requests are answered with 429 and when to try again", async () => {
    const startMs = Math.floor(Date.now() / 60_000) * 60_000;
    const clock = {
      nowMs: () => startMs,
      monotonicMs: () => performance.now(),
      sleep: () => Promise.resolve(),
    };
    await using strict = await startOnHandTape([], { rateLimits: "enforced" }, { clock });
    await using client = await BinanceApiTestClient.open(strict);
    for (let count = 0; count < 23; count++) await client.call("depth", { symbol: "BTCUSDT", limit: 5_000 });
    await client.call("depth", { symbol: "BTCUSDT", limit: 5_000 });
    const refused = await client.call("ping");
    expect(refused).toMatchObject({
      ...{ status: 429, error: { code: -1003, data: { serverTime: startMs, retryAfter: startMs + 60_000 } } },
    });
  });
});

describe("a session", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const options = {
    ...{ tapeStart: "paused", binanceSecret: publicKey.export({ type: "spki", format: "pem" }).toString() },
  };
  const signer = (payload: string): string => sign(null, Buffer.from(payload), privateKey).toString("base64");

  it("that is logged on by an Ed25519 key needs no more signatures, until it is logged out", async () => {
    await using own = await startOnHandTape([], options);
    await using client = await BinanceApiTestClient.open(own, { sign: signer });
    expect((await client.call("session.status")).result).toMatchObject({
      apiKey: null,
      authorizedSince: null,
    });
    expect((await client.call("userDataStream.subscribe")).error.code).toBe(-1002);
    const logon = await client.signed("session.logon");
    expect(logon.result).toMatchObject({
      ...{ apiKey: "kanit-binance-key", authorizedSince: expect.any(Number), userDataStream: false },
    });
    const placed = await client.call("order.place", { ...ORDER, timestamp: Date.now() });
    expect(placed.result.status).toBe("NEW");
    expect((await client.call("order.place", ORDER)).error.code).toBe(-1102);
    expect((await client.call("userDataStream.subscribe")).result).toEqual({ subscriptionId: 0 });
    expect((await client.call("userDataStream.subscribe")).error.code).toBe(-1191);
    expect((await client.call("session.subscriptions")).result).toEqual([{ subscriptionId: 0 }]);
    await client.call("session.logout");
    expect(client.events).toMatchObject([{ e: "eventStreamTerminated" }]);
    expect((await client.call("account.status", { timestamp: Date.now() })).error.code).toBe(-1102);
  });

  it("cannot be logged on by an HMAC key", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    expect((await client.signed("session.logon")).error).toEqual({
      code: -4056,
      msg: "HMAC_SHA256 API key is not supported.",
    });
  });
});

describe("the account's events", () => {
  const kinds = (events: { e: string; x?: string }[]): string[] => events.map(({ e, x }) => x ?? e);

  it("come in the order in which they happened, however the order was placed", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    expect((await client.signed("userDataStream.subscribe.signature")).result).toEqual({ subscriptionId: 0 });
    const rest = new BinanceTestClient(exchanges);
    const { body } = await rest.order({
      side: "BUY",
      price: "50001",
      quantity: "1.5",
      newClientOrderId: "first",
    });
    await rest.signed("DELETE", "/api/v3/order", {
      ...{ symbol: "BTCUSDT", orderId: body.orderId, newClientOrderId: "gone" },
    });
    await client.socket.until(() => client.events.length === 5);
    expect(kinds(client.events)).toEqual([
      ...["NEW", "TRADE", "outboundAccountPosition", "CANCELED", "outboundAccountPosition"],
    ]);
    const [accepted, traded, position, canceled] = client.events;
    expect(accepted).toMatchObject({
      ...{ s: "BTCUSDT", c: "first", S: "BUY", o: "LIMIT", f: "GTC", q: "1.50000000", p: "50001.00000000" },
      ...{
        X: "NEW",
        i: body.orderId,
        z: "0.00000000",
        l: "0.00000000",
        n: "0",
        N: null,
        t: -1,
        w: true,
        C: "",
      },
    });
    expect(traded).toMatchObject({
      ...{ X: "PARTIALLY_FILLED", l: "1.00000000", z: "1.00000000", L: "50001.00000000", m: false },
      ...{ n: "0.00100000", N: "BTC", Y: "50001.00000000", Z: "50001.00000000", t: body.fills[0].tradeId },
    });
    expect(position.B).toEqual([
      { a: "USDT", f: "924998.50000000", l: "25000.50000000" },
      { a: "BTC", f: "100.99900000", l: "0.00000000" },
    ]);
    expect(canceled).toMatchObject({ X: "CANCELED", c: "gone", C: "first", w: false });
  });

  it("report transfers, until the subscription has ended", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    await client.signed("userDataStream.subscribe.signature");
    const rest = new BinanceTestClient(exchanges);
    const transfer = { type: "MAIN_UMFUTURE", asset: "BTC", amount: "1" };
    await rest.signed("POST", "/sapi/v1/asset/transfer", transfer);
    await client.socket.until(() => client.events.length === 2);
    expect(client.events[0]).toMatchObject({ e: "balanceUpdate", a: "BTC", d: "-1.00000000" });
    expect(client.events[1].B).toEqual([{ a: "BTC", f: "99.00000000", l: "0.00000000" }]);
    expect((await client.call("userDataStream.unsubscribe", { subscriptionId: 7 })).error.code).toBe(-1130);
    expect((await client.call("userDataStream.unsubscribe", { subscriptionId: 0 })).result).toEqual({});
    await rest.signed("POST", "/sapi/v1/asset/transfer", transfer);
    await client.call("ping");
    expect(kinds(client.events)).toEqual([
      ...["balanceUpdate", "outboundAccountPosition", "eventStreamTerminated"],
    ]);
  });

  it("name the subscription that they belong to", async () => {
    await using client = await BinanceApiTestClient.open(exchanges);
    await client.signed("userDataStream.subscribe.signature");
    await client.signed("userDataStream.subscribe.signature");
    await new BinanceTestClient(exchanges).order();
    await client.socket.until(() => client.events.length === 4);
    const ids = client.socket.parsed.filter(({ event }) => event !== undefined);
    expect(ids.map(({ subscriptionId, event }) => [subscriptionId, event.e])).toEqual([
      [0, "executionReport"],
      [1, "executionReport"],
      [0, "outboundAccountPosition"],
      [1, "outboundAccountPosition"],
    ]);
  });
});
