import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { BinanceTestClient } from "../testing/binance-client.ts";
import { ControlTestClient } from "../testing/control-client.ts";

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
const symbolInfo = async (symbol: string) => {
  const { body } = await client.send("GET", "/api/v3/exchangeInfo");
  return body.symbols.find((info: { symbol: string }) => info.symbol === symbol);
};

describe("backend-timeout", () => {
  it("accepts the order and answers -1007 with a 5XX: its status is unknown, not failed", async () => {
    await misbehave("backend-timeout", { times: 1 });
    const { status, body } = await client.order({ newClientOrderId: "there" });
    expect({ status, ...body }).toEqual({
      status: 504,
      code: -1007,
      msg: "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    });
    expect((await find("there")).body.status).toBe("NEW");
    expect(await bites("backend-timeout")).toBe(1);
  });

  it("does not affect an order that was refused", async () => {
    await misbehave("backend-timeout");
    expect((await client.order({ price: "1" })).body.code).toBe(-1013);
    expect(await bites("backend-timeout")).toBe(0);
  });
});

describe("read-lag", () => {
  it("does not find an existing order, until it is old enough", async () => {
    await client.order({ newClientOrderId: "young" });
    await misbehave("read-lag", { lagMs: 600_000 });
    const { status, body } = await find("young");
    expect({ status, ...body }).toEqual({ status: 400, code: -2013, msg: "Order does not exist." });
    const { body: open } = await client.signed("GET", "/api/v3/openOrders", { symbol: "BTCUSDT" });
    expect(open).toHaveLength(1);
    await misbehave("read-lag", { lagMs: 0 });
    expect((await find("young")).body.status).toBe("NEW");
  });
});

describe("fill-before-cancel", () => {
  it("fills the order, so that its cancel finds none", async () => {
    await client.order({ newClientOrderId: "raced" });
    await misbehave("fill-before-cancel", { times: 1 });
    const { status, body } = await cancel("raced");
    expect({ status, ...body }).toEqual({ status: 400, code: -2011, msg: "Unknown order sent." });
    expect((await find("raced")).body).toMatchObject({ status: "FILLED", executedQty: "0.00100000" });
    expect(await bites("fill-before-cancel")).toBe(1);
  });

  it("does nothing to an order whose cancel is not signed", async () => {
    const { body } = await client.order();
    await misbehave("fill-before-cancel");
    const signature = "0".repeat(64);
    const query = `symbol=BTCUSDT&orderId=${body.orderId}&timestamp=${Date.now()}&signature=${signature}`;
    const { body: refused } = await client.send("DELETE", `/api/v3/order?${query}`, {
      headers: client.headers,
    });
    expect(refused.code).toBe(-1022);
    expect(await bites("fill-before-cancel")).toBe(0);
  });
});

describe("partial-fill-before-cancel", () => {
  it("fills a part of the order before its cancel succeeds", async () => {
    await client.order({ newClientOrderId: "raced", quantity: "0.004" });
    await misbehave("partial-fill-before-cancel", { part: 0.25 });
    expect((await cancel("raced")).body).toMatchObject({ status: "CANCELED", executedQty: "0.00100000" });
    expect(await control.record("binance", "trades")).toMatchObject([{ quantity: "0.00100000" }]);
    expect(await bites("partial-fill-before-cancel")).toBe(1);
  });
});

describe("stale-snapshot", () => {
  it("returns a snapshot that is older than every diff", async () => {
    const depth = async () => (await client.send("GET", "/api/v3/depth?symbol=BTCUSDT")).body.lastUpdateId;
    await control.send("POST", "/pause");
    const current = await depth();
    await misbehave("stale-snapshot", { updatesBehind: 5_000, times: 1 });
    expect(await depth()).toBe(current - 5_000);
    expect(await depth()).toBe(current);
    expect(await bites("stale-snapshot")).toBe(1);
  });
});

describe("shallow-snapshot", () => {
  it("returns only the best levels, whatever the limit", async () => {
    const depth = async () => (await client.send("GET", "/api/v3/depth?symbol=BTCUSDT&limit=500")).body;
    await control.send("POST", "/pause");
    const whole = await depth();
    await misbehave("shallow-snapshot", { levels: 3 });
    const { bids, asks, lastUpdateId } = await depth();
    expect({ bids, asks, lastUpdateId }).toEqual({
      bids: whole.bids.slice(0, 3),
      asks: whole.asks.slice(0, 3),
      lastUpdateId: whole.lastUpdateId,
    });
    expect(whole.bids.length).toBe(500);
  });
});

describe("market-halted", () => {
  it("halts the whole market: nothing can be placed or canceled, exchangeInfo says HALT", async () => {
    await client.order({ newClientOrderId: "caught" });
    await misbehave("market-halted");
    const closed = { status: 400, body: { code: -1013, msg: "Market is closed." } };
    expect(await client.order({ newClientOrderId: "refused" })).toMatchObject(closed);
    expect((await cancel("caught")).body).toEqual({ code: -2011, msg: "Market is closed." });
    expect((await symbolInfo("BTCUSDT")).status).toBe("HALT");
    expect((await symbolInfo("ETHUSDT")).status).toBe("HALT");
    expect(await bites("market-halted")).toBe(2);
    await control.behave("binance", "market-halted");
    expect((await cancel("caught")).body.status).toBe("CANCELED");
    expect((await symbolInfo("BTCUSDT")).status).toBe("TRADING");
  });

  it("halts only one symbol when it is named", async () => {
    await misbehave("market-halted", { symbol: "ETHUSDT", status: "BREAK" });
    expect((await client.order()).status).toBe(200);
    expect((await client.order({ symbol: "ETHUSDT", price: "2000.00", quantity: "0.01" })).body.code).toBe(
      -1013,
    );
    expect((await symbolInfo("ETHUSDT")).status).toBe("BREAK");
  });
});

describe("cancel-only", () => {
  it("allows cancellations and refuses new orders", async () => {
    await client.order({ newClientOrderId: "resting" });
    await misbehave("cancel-only");
    expect((await client.order()).body).toEqual({ code: -1013, msg: "Market is closed." });
    expect((await symbolInfo("BTCUSDT")).status).toBe("CANCEL_ONLY");
    expect((await cancel("resting")).body.status).toBe("CANCELED");
    expect(await bites("cancel-only")).toBe(1);
  });
});

describe("tick-size-changed", () => {
  it("refuses a price off the new grid, accepts one on it, and exchangeInfo has the grid", async () => {
    await misbehave("tick-size-changed", { tickSize: "0.5" });
    expect((await client.order({ price: "30000.01" })).body).toEqual({
      code: -1013,
      msg: "Filter failure: PRICE_FILTER",
    });
    expect((await client.order({ price: "30000.50" })).status).toBe(200);
    const { filters } = await symbolInfo("BTCUSDT");
    const filter = filters.find(({ filterType }: { filterType: string }) => filterType === "PRICE_FILTER");
    expect(filter.tickSize).toBe("0.50000000");
    expect(await bites("tick-size-changed")).toBe(1);
  });
});

describe("too-many-orders", () => {
  it("answers 429 and -1015 with Retry-After, and places nothing", async () => {
    await misbehave("too-many-orders", { times: 1, retryAfterS: 7 });
    const { status, headers, body } = await client.order();
    expect([status, headers.get("retry-after"), body.code]).toEqual([429, "7", -1015]);
    expect(body.msg).toBe("Too many new orders; current limit is 50 orders per 10 SECOND.");
    expect(await control.record("binance", "orders")).toEqual([]);
    expect((await client.order()).status).toBe(200);
  });
});

describe("too-much-weight", () => {
  it("answers every request with 429 and -1003 and Retry-After, and places nothing", async () => {
    await misbehave("too-much-weight", { times: 2, retryAfterS: 7 });
    const { status, headers, body } = await client.order();
    expect([status, headers.get("retry-after"), body.code]).toEqual([429, "7", -1003]);
    expect(body.msg).toMatch(
      /^Too much request weight used; current limit is 6000 request weight per 1 MINUTE\./,
    );
    expect((await client.send("GET", "/api/v3/time")).status).toBe(429);
    expect(await control.record("binance", "orders")).toEqual([]);
    expect((await client.order()).status).toBe(200);
  });
});

describe("ip-ban", () => {
  it("answers every request with 418 and the time until which the ban lasts", async () => {
    await misbehave("ip-ban", { banMs: 120_000 });
    const { status, headers, body } = await client.send("GET", "/api/v3/time");
    expect([status, headers.get("retry-after"), body.code]).toEqual([418, "120", -1003]);
    const untilMs = Number(
      /^Way too much request weight used; IP banned until (\d{13})\./.exec(body.msg)?.[1],
    );
    expect(untilMs - Date.now()).toBeGreaterThan(60_000);
  });
});

describe("non-ascii-symbol", () => {
  it("lists a symbol in Chinese, in exchangeInfo and among the tickers", async () => {
    await misbehave("non-ascii-symbol");
    expect(await symbolInfo("币安人生USDT")).toMatchObject({ baseAsset: "币安人生", quoteAsset: "USDT" });
    const { body } = await client.send("GET", "/api/v3/ticker/price");
    expect(body.map(({ symbol }: { symbol: string }) => symbol)).toContain("币安人生USDT");
    expect(await bites("non-ascii-symbol")).toBe(2);
  });
});

describe("clock-skew", () => {
  it("refuses stamps of the right time with -1021, and the server's time shows why", async () => {
    await misbehave("clock-skew", { skewMs: 60_000 });
    const { body } = await client.send("GET", "/api/v3/time");
    expect(body.serverTime - Date.now()).toBeGreaterThan(30_000);
    expect((await client.order()).body).toEqual({
      code: -1021,
      msg: "Timestamp for this request is outside of the recvWindow.",
    });
    expect(await bites("clock-skew")).toBe(2);
    await misbehave("clock-skew", { skewMs: -60_000 });
    expect((await client.order()).body).toEqual({
      code: -1021,
      msg: "Timestamp for this request was 1000ms ahead of the server's time.",
    });
    expect((await client.order({ timestamp: Date.now() - 60_000 })).status).toBe(200);
  });
});
