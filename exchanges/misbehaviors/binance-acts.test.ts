import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { BinanceApiTestClient } from "../testing/binance-api-client.ts";
import { BinanceTestClient } from "../testing/binance-client.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { TestSocket } from "../testing/socket.ts";

let exchanges: RunningExchanges;
let control: ControlTestClient;
let client: BinanceTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 10 });
  control = new ControlTestClient(exchanges);
  client = new BinanceTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const misbehave = (name: string, how?: Readonly<Record<string, unknown>>) =>
  control.misbehave("binance", name, how);
const bites = (name: string) => control.bites("binance", name);
const find = (clientOrderId: string) =>
  client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: clientOrderId });
const cancel = (clientOrderId: string) =>
  client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", origClientOrderId: clientOrderId });
describe("misbehaviors belong to acts, not to endpoints:", () => {
  const FAR = {
    symbol: "BTCUSDT",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    quantity: "0.001",
    price: "30000",
  };
  const replace = (old: string, fresh: string) =>
    client.signed("POST", "/api/v3/order/cancelReplace", {
      ...FAR,
      ...{ cancelReplaceMode: "STOP_ON_FAILURE", cancelOrigClientOrderId: old, newClientOrderId: fresh },
    });
  const cancelAll = () => client.signed("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
  const statusOf = async (clientOrderId: string) => (await find(clientOrderId)).body.status;

  it("a replacement is done, and its answer is lost or unknown", async () => {
    await client.order({ newClientOrderId: "first" });
    await misbehave("ack-lost", { times: 1 });
    await expect(replace("first", "second")).rejects.toThrow("fetch failed");
    await misbehave("unknown-status-503", { times: 1 });
    expect((await replace("second", "third")).body.code).toBe(-1006);
    expect([await statusOf("first"), await statusOf("second"), await statusOf("third")]).toEqual([
      "CANCELED",
      "CANCELED",
      "NEW",
    ]);
  });

  it("all orders are canceled, and the answer is lost or unknown, where cancellations are chosen", async () => {
    await client.order({ newClientOrderId: "one" });
    await misbehave("ack-lost", { times: 1, acts: "cancel" });
    await client.order({ newClientOrderId: "two" });
    await expect(cancelAll()).rejects.toThrow("fetch failed");
    expect([await statusOf("one"), await statusOf("two")]).toEqual(["CANCELED", "CANCELED"]);
    await client.order({ newClientOrderId: "three" });
    await misbehave("unknown-status-503", { times: 1, acts: "any" });
    expect((await cancel("three")).body.code).toBe(-1006);
    expect(await statusOf("three")).toBe("CANCELED");
  });

  it("an order fills before its replacement, and before all are canceled", async () => {
    await client.order({ newClientOrderId: "filled" });
    await misbehave("fill-before-cancel", { times: 2 });
    expect((await replace("filled", "never")).body).toMatchObject({
      code: -2022,
      data: { cancelResult: "FAILURE", newOrderResult: "NOT_ATTEMPTED" },
    });
    await client.order({ newClientOrderId: "also" });
    expect((await cancelAll()).body.code).toBe(-2011);
    expect([await statusOf("filled"), await statusOf("also")]).toEqual(["FILLED", "FILLED"]);
  });

  it("over the WebSocket API the connection is cut, or the status unknown", async () => {
    await misbehave("unknown-status-503", { times: 1 });
    await using api = await BinanceApiTestClient.open(exchanges);
    const { status, error } = await api.signed("order.place", { ...FAR, newClientOrderId: "socket" });
    expect([status, error.code, await statusOf("socket")]).toEqual([503, -1006, "NEW"]);
    await misbehave("ack-lost", { times: 1, acts: "cancel" });
    const closed = once(api.socket.socket, "close");
    void api.signed("openOrders.cancelAll", { symbol: "BTCUSDT" }).catch(() => undefined);
    await closed;
    expect(await statusOf("socket")).toBe("CANCELED");
  });
});

describe("maintenance", () => {
  it("answers every request with a page, and says so in the system's status", async () => {
    await misbehave("maintenance");
    const url = `http://127.0.0.1:${exchanges.addresses.binance.restPort}`;
    const answer = await fetch(`${url}/api/v3/ticker/price`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([503, "text/html"]);
    expect(await answer.text()).toContain("503 Service Temporarily Unavailable");
    expect((await client.send("GET", "/sapi/v1/system/status")).body).toMatchObject({ status: 1 });
  });
});

describe("listen-key-expired", () => {
  it("ends the key before its hour", async () => {
    const keyed = { headers: client.headers };
    const { body } = await client.send("POST", "/api/v3/userDataStream", keyed);
    const { wsPort } = exchanges.addresses.binance;
    await using stream = await TestSocket.open(`ws://127.0.0.1:${wsPort}/ws/${body.listenKey}`);
    await misbehave("listen-key-expired");
    const event = await stream.message((message) => message.e === "listenKeyExpired");
    expect(event).toMatchObject({ listenKey: body.listenKey });
    const renewal = await client.send("PUT", `/api/v3/userDataStream?listenKey=${body.listenKey}`, keyed);
    expect([renewal.body.code, await bites("listen-key-expired")]).toEqual([-1125, 1]);
  });
});

describe("order-ended-by-venue", () => {
  it.each([
    ["canceled", "CANCELED"],
    ["expired", "EXPIRED"],
  ])("ends resting orders that nobody canceled: %s", async (how, status) => {
    await client.order({ newClientOrderId: how });
    await misbehave("order-ended-by-venue", { how });
    expect((await find(how)).body.status).toBe(status);
    const { body } = await client.signed("GET", "/api/v3/openOrders", { symbol: "BTCUSDT" });
    expect([body, await bites("order-ended-by-venue")]).toEqual([[], 1]);
  });
});
