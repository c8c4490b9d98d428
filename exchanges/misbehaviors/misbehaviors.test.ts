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
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 10 });
  control = new ControlTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const openBinance = (stream: string) =>
  TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.binance.wsPort}/ws/${stream}`);

describe("ack-lost", () => {
  it("accepts the order, closes the connection without an answer, and counts it", async () => {
    const client = new BinanceTestClient(exchanges);
    await control.misbehave("binance", "ack-lost", { every: 2 });
    expect((await client.order({ newClientOrderId: "answered" })).status).toBe(200);
    await expect(client.order({ newClientOrderId: "lost" })).rejects.toThrow("fetch failed");
    expect((await control.record("binance", "orders")).map(({ clientOrderId }) => clientOrderId)).toEqual([
      "answered",
      "lost",
    ]);
    expect(await control.bites("binance", "ack-lost")).toBe(1);
  });

  it("does so at BTCTurk too", async () => {
    const client = new BtcturkTestClient(exchanges);
    await control.misbehave("btcturk", "ack-lost", { times: 1 });
    await expect(client.order({ newOrderClientId: "lost" })).rejects.toThrow("fetch failed");
    expect((await client.order()).status).toBe(200);
    expect((await control.record("btcturk", "orders"))[0]).toMatchObject({ clientOrderId: "lost" });
    expect(await control.bites("btcturk", "ack-lost")).toBe(1);
  });

  it("does not count orders that were refused", async () => {
    const client = new BinanceTestClient(exchanges);
    await control.misbehave("binance", "ack-lost", { times: 1 });
    expect((await client.order({ price: "1" })).status).toBe(400);
    expect(await control.bites("binance", "ack-lost")).toBe(0);
  });
});

describe("unknown-status-503", () => {
  it("executes the order and answers that the status is unknown", async () => {
    const client = new BinanceTestClient(exchanges);
    await control.misbehave("binance", "unknown-status-503", { times: 1 });
    const { status, body } = await client.order({
      type: "MARKET",
      quantity: "0.001",
      newClientOrderId: "done",
    });
    expect({ status, ...body }).toEqual({
      status: 503,
      code: -1006,
      msg: "An unexpected response was received from the message bus. Execution status unknown.",
    });
    const found = await client.signed("GET", "/api/v3/order", {
      symbol: "BTCUSDT",
      origClientOrderId: "done",
    });
    expect(found.body.status).toBe("FILLED");
  });

  it("is an HTML page at BTCTurk", async () => {
    const client = new BtcturkTestClient(exchanges);
    await control.misbehave("btcturk", "unknown-status-503", { times: 1 });
    const { status, body } = await client.order({ newOrderClientId: "done" });
    expect([status, body.startsWith("<html>")]).toEqual([503, true]);
    const { body: open } = await client.signed("GET", "/api/v1/openOrders");
    expect(open.data.bids[0].orderClientId).toBe("done");
  });
});

describe("gap", () => {
  it("drops one depth frame and leaves the others unchanged", async () => {
    await using socket = await openBinance("btcusdt@depth@100ms");
    await socket.until(({ messages }) => messages.length > 0);
    await control.misbehave("binance", "gap", { times: 1 });
    const gaps = () =>
      socket.parsed.filter(({ U }, index) => index > 0 && U !== socket.parsed[index - 1].u + 1);
    await socket.until(() => gaps().length === 1);
    const count = socket.messages.length;
    await socket.until(({ messages }) => messages.length > count + 5);
    expect(gaps()).toHaveLength(1);
    expect(await control.bites("binance", "gap")).toBe(1);
  });

  it("skips a change set number at BTCTurk", async () => {
    await using socket = await TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.btcturk.wsPort}`);
    socket.send([151, { type: 151, channel: "obdiff", event: "BTCUSDT", join: true }]);
    await socket.message(([type]) => type === 432);
    await control.misbehave("btcturk", "gap", { times: 1 });
    const numbers = () => socket.parsed.filter(([type]) => type === 432).map(([, { CS }]) => CS);
    await socket.until(() => numbers().some((CS, index) => index > 0 && CS === numbers()[index - 1] + 2));
    expect(await control.bites("btcturk", "gap")).toBe(1);
  });
});

describe("silent-stream", () => {
  it("silences the socket, which still answers pings, but not the next one", async () => {
    await using silent = await openBinance("btcusdt@bookTicker");
    await silent.until(({ messages }) => messages.length > 0);
    await control.misbehave("binance", "silent-stream", { times: 1 });
    await eventually(() => control.bites("binance", "silent-stream")).toBe(1);
    await using client = await openBinance("btcusdt@bookTicker");
    await client.until(({ messages }) => messages.length > 0);
    const pong = new Promise((resolve) => silent.socket.once("pong", resolve));
    silent.socket.ping("still there");
    await pong;
    const count = silent.messages.length;
    await client.until(({ messages }) => messages.length > 5);
    expect(silent.messages.length).toBe(count);
  });

  it("ends when it is disabled", async () => {
    await control.misbehave("binance", "silent-stream", { every: 1 });
    await using socket = await openBinance("btcusdt@bookTicker");
    await eventually(() => control.bites("binance", "silent-stream")).toBe(1);
    expect(socket.messages).toEqual([]);
    await control.send("DELETE", "/venues/binance/misbehaviors/silent-stream");
    await socket.until(({ messages }) => messages.length > 0);
  });

  it("silences the BIST feed", async () => {
    await control.misbehave("bist", "silent-stream", { every: 1 });
    await using socket = await TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.bist.wsPort}`);
    socket.send({ type: "subscribe" });
    await eventually(() => control.bites("bist", "silent-stream")).toBe(1);
    expect(socket.parsed.filter(({ type }) => type === "quote")).toEqual([]);
  });
});
