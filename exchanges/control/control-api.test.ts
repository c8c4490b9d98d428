import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { BinanceTestClient } from "../testing/binance-client.ts";
import { BtcturkTestClient } from "../testing/btcturk-client.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { eventually } from "../testing/eventually.ts";
import { TestSocket } from "../testing/socket.ts";

let exchanges: RunningExchanges;
let control: ControlTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 11 });
  control = new ControlTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

describe("the account record of a venue", () => {
  it("contains every order, every fill and every balance, in exact decimals", async () => {
    const client = new BinanceTestClient(exchanges);
    await client.order({ newClientOrderId: "resting", quantity: "0.002" });
    const { body } = await client.order({
      type: "MARKET",
      side: "SELL",
      quantity: "0.1",
      newClientOrderId: "sold",
    });
    const [resting, sold] = await control.record("binance", "orders");
    expect(resting).toMatchObject({
      ...{ clientOrderId: "resting", symbol: "BTCUSDT", side: "buy", type: "limit", status: "new" },
      ...{ price: "30000.00000000", quantity: "0.00200000", executedQuantity: "0.00000000" },
    });
    expect(sold).toMatchObject({ orderId: body.orderId, status: "filled", price: null });
    const [trade] = await control.record("binance", "trades");
    expect(trade).toMatchObject({
      orderId: body.orderId,
      clientOrderId: "sold",
      side: "sell",
      feeAsset: "USDT",
    });
    expect(await control.record("binance", "balances")).toContainEqual({
      ...{ asset: "BTC", initial: "100.00000000", free: "99.90000000", locked: "0.00000000" },
    });
  });

  it("begins with large balances", async () => {
    const initial = async (venue: string) =>
      (await control.record(venue, "balances")).map((balance) => `${balance.free} ${balance.asset}`);
    expect(await initial("binance")).toEqual([
      "1000000.00000000 USDT",
      "100.00000000 BTC",
      "1000.00000000 ETH",
    ]);
    expect(await initial("btcturk")).toEqual([
      "10000000.00000000 TRY",
      "1000000.00000000 USDT",
      "100.00000000 BTC",
      "1000.00000000 ETH",
    ]);
  });
});

describe("a reset", () => {
  it("clears accounts, orders, misbehaviors and counters, and restarts the same tape", async () => {
    // The tape is halted, so that the books can be compared.
    await using held = await startExchanges({ seed: 11, tapeStart: "paused" });
    const control = new ControlTestClient(held);
    const client = new BinanceTestClient(held);
    const depth = async () => (await client.send("GET", "/api/v3/depth?symbol=BTCUSDT&limit=5")).body;
    await control.send("POST", "/reset", {});
    const start = await depth();
    const first = await client.order();
    await new BtcturkTestClient(held).order();
    await control.misbehave("binance", "ack-lost", { times: 1 });
    await expect(client.order()).rejects.toThrow();
    expect((await control.send("POST", "/reset")).body).toEqual({ status: "reset" });
    expect(await control.record("binance", "orders")).toEqual([]);
    expect(await control.record("btcturk", "orders")).toEqual([]);
    expect((await control.record("binance", "balances"))[0]).toMatchObject({ locked: "0.00000000" });
    expect(await control.bites("binance", "ack-lost")).toBe(0);
    expect(await depth()).toEqual(start);
    expect((await client.order()).body.orderId).toBe(first.body.orderId);
  });

  it("closes every WebSocket with 1012", async () => {
    const { binance, btcturk, bist } = exchanges.addresses;
    const sockets = await Promise.all(
      [binance, btcturk, bist].map(({ wsPort }) => TestSocket.open(`ws://127.0.0.1:${wsPort}/ws`)),
    );
    const closed = Promise.all(sockets.map((socket) => socket.closed()));
    await control.send("POST", "/reset");
    expect(await closed).toEqual([1012, 1012, 1012]);
  });

  it("accepts another seed, and with it another synthetic market and other ids", async () => {
    // The tape is halted, so that the books can be compared.
    await using held = await startExchanges({ seed: 11, tapeStart: "paused" });
    const control = new ControlTestClient(held);
    const client = new BinanceTestClient(held);
    const look = async () => [
      (await client.send("GET", "/api/v3/depth?symbol=BTCUSDT&limit=5")).body,
      (await client.order()).body.orderId,
    ];
    await control.send("POST", "/reset", { seed: 1 });
    const one = await look();
    await control.send("POST", "/reset", { seed: 2 });
    const two = await look();
    expect(two[0]).not.toEqual(one[0]);
    expect(two[1]).not.toBe(one[1]);
    await control.send("POST", "/reset", { seed: 1 });
    expect(await look()).toEqual(one);
  });
});

describe("the control API", () => {
  it("lists the misbehaviors of a venue and disables all of them at once", async () => {
    await control.misbehave("btcturk", "gap", { every: 3 });
    const { body } = await control.send("GET", "/venues/btcturk/misbehaviors");
    const names = body.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["ack-lost", "gap", "html-504", "silent-stream"]));
    expect(names).not.toContain("ip-ban");
    expect(body[names.indexOf("gap")]).toMatchObject({
      frequency: { every: 3 },
      bites: 0,
      expiresInMs: null,
    });
    const { body: off } = await control.send("DELETE", "/venues/btcturk/misbehaviors");
    expect(off.every(({ frequency }: { frequency: string }) => frequency === "off")).toBe(true);
  });

  it("completes a misbehavior's options, returns them, and lets it expire", async () => {
    const put = (body: object) => control.send("PUT", "/venues/binance/misbehaviors/tick-size-changed", body);
    const { body } = await put({ tickSize: 0.1, ttlMs: 60_000 });
    expect(body).toMatchObject({ frequency: { every: 1 }, options: { symbol: "BTCUSDT", tickSize: "0.1" } });
    expect(body.expiresInMs).toBeGreaterThan(1_000);
    await put({ share: 0.5, ttlMs: 1 });
    await eventually(
      async () => (await control.send("GET", "/venues/binance")).body.misbehaviors,
    ).toContainEqual(expect.objectContaining({ name: "tick-size-changed", frequency: "off" }));
  });

  it("tells when the market itself gave nothing, as while its tape is halted", async () => {
    await control.send("POST", "/pause");
    const silent = async () => {
      const { body } = await control.send("GET", "/silences");
      return [...new Set((body as { symbol: string }[]).map(({ symbol }) => symbol))].toSorted();
    };
    await eventually(silent).toEqual(["BTCUSDT", "ETHUSDT"]);
  });

  it("returns the state of a venue", async () => {
    await new BinanceTestClient(exchanges).order();
    await control.send("POST", "/pause");
    const { body } = await control.send("GET", "/venues/binance");
    expect(body).toMatchObject({ venue: "binance", tape: "paused", openOrders: 1, trades: 0 });
    await control.send("POST", "/resume");
    expect((await control.send("GET", "/venues/bist")).body).toMatchObject({
      tape: "playing",
      session: "continuous",
    });
  });

  it.each<[string, string, string, Record<string, string>, number]>([
    ["pauses the market", "POST", "/pause", { origin: "https://evil.example" }, 403],
    ["reads balances", "GET", "/venues/binance/balances", { origin: "http://127.0.0.1:5173" }, 403],
    [
      "reads by a name rebound to this machine",
      "GET",
      "/venues/binance/orders",
      { host: "evil.example" },
      403,
    ],
    ["resets, from another site", "POST", "/reset", { "sec-fetch-site": "cross-site" }, 403],
    ["sends a form", "POST", "/reset", { "content-type": "text/plain", "content-length": "2" }, 415],
  ])("refuses a web page that %s", async (_, method, path, headers, status) => {
    const sent = request(`${exchanges.addresses.control}${path}`, { method, headers });
    sent.end(headers["content-length"] === undefined ? undefined : "{}");
    const [response] = await once(sent, "response");
    response.resume();
    expect(response.statusCode).toBe(status);
    expect((await control.send("GET", "/venues/binance")).body.tape).toBe("playing");
  });

  it("answers the health check", async () => {
    expect(await control.send("GET", "/health")).toEqual({ status: 200, body: { status: "ok" } });
  });

  it.each<[string, string, string, unknown, number, RegExp]>([
    ["an unknown venue", "GET", "/venues/kraken/orders", undefined, 404, /\/venues\/kraken\/orders/],
    ["an unknown topic", "GET", "/venues/binance/weather", undefined, 404, /orders, trades/],
    ["orders of a feed", "GET", "/venues/bist/orders", undefined, 404, /misbehaviors/],
    ["an unknown misbehavior", "PUT", "/venues/binance/misbehaviors/x", { every: 1 }, 404, /ack-lost/],
    ["a frequency of none", "PUT", "/venues/binance/misbehaviors/gap", { every: 0 }, 400, /Expected/],
    ["two frequencies", "PUT", "/venues/binance/misbehaviors/gap", { every: 1, times: 1 }, 400, /Expected/],
    ["an unknown option", "PUT", "/venues/binance/misbehaviors/gap", { depth: 1 }, 400, /depth/],
    ["a wrong option", "PUT", "/venues/binance/misbehaviors/ip-ban", { banMs: "long" }, 400, /banMs/],
    ["a share of two", "PUT", "/venues/binance/misbehaviors/gap", { share: 2 }, 400, /share/],
    ["a venue of every object", "GET", "/venues/constructor", undefined, 404, /constructor/],
    ["a seed that is no number", "POST", "/reset", { seed: "x" }, 400, /Expected/],
  ])("reports what it expected instead of %s", async (_, method, path, body, status, message) => {
    const answer = await control.send(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toMatch(message);
  });
});
