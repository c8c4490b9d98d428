import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";
import { BtcturkTestClient } from "../../testing/btcturk-client.ts";
import { eventually } from "../../testing/eventually.ts";
import { BTCTURK_CAPTURES, HAS_RECORDINGS } from "../../testing/tapes.ts";

let exchanges: RunningExchanges;
let client: BtcturkTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 11 });
  client = new BtcturkTestClient(exchanges);
});
beforeEach(() => {
  exchanges.reset();
  client = new BtcturkTestClient(exchanges);
});
afterAll(() => exchanges.stop());

/** A value's shape: names and types, in order, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
}

describe("BTCTurk's public endpoints", () => {
  it.skipIf(!HAS_RECORDINGS)("answer with the captured statuses, fields and types", async () => {
    const captured = readFileSync(join(BTCTURK_CAPTURES, "rest.jsonl"), "utf8").trimEnd().split("\n");
    for (const { path, status, body } of captured.map((line) => JSON.parse(line))) {
      const answer = await client.send("GET", path);
      expect(answer.status, path).toBe(status);
      expect(JSON.stringify(shapeOf(answer.body)), path).toBe(JSON.stringify(shapeOf(body)));
      if (status === 400) expect(answer.body).toEqual(body);
    }
  });

  it("return an order book of a hundred levels at most, without a sequence number", async () => {
    const { body } = await client.send("GET", "/api/v2/orderbook?pairSymbol=BTCUSDT&limit=5000");
    expect([body.data.bids.length, body.data.asks.length]).toEqual([100, 100]);
    expect(Object.keys(body.data)).toEqual(["timestamp", "bids", "asks"]);
    expect(
      (await client.send("GET", "/api/v2/orderbook?pairSymbol=BTC_USDT&limit=3")).body.data.asks,
    ).toHaveLength(3);
  });

  it("read a pair in either form and any case, and the tickers of a currency", async () => {
    for (const pair of ["BTCUSDT", "btcusdt", "BTC_USDT"]) {
      expect((await client.send("GET", `/api/v2/orderbook?pairSymbol=${pair}`)).status).toBe(200);
    }
    const { body } = await client.send("GET", "/api/v2/ticker/currency?symbol=usdt");
    expect(body.data.map(({ pair }: { pair: string }) => pair)).toEqual(["BTCUSDT", "ETHUSDT"]);
    expect((await client.send("GET", "/api/v2/ticker/currency?symbol=TRY")).body.data).toEqual([]);
  });

  it("return the price limits of orders, ten times either way", async () => {
    const { body } = await client.send("GET", "/api/v2/server/exchangeinfo");
    const [pair] = body.data.symbols;
    const book = (await client.send("GET", "/api/v2/orderbook?pairSymbol=BTCUSDT")).body.data;
    expect(pair.maximumLimitOrderPrice / Number(book.asks[0][0])).toBeCloseTo(10, 1);
    expect(pair.orderMethods).toEqual(["MARKET", "LIMIT", "STOP_MARKET", "STOP_LIMIT"]);
    expect(body.data.currencies.map(({ symbol }: { symbol: string }) => symbol)).toContain("TRY");
  });

  it("answer an unknown path with 404 and no body", async () => {
    const { status, body } = await client.send("GET", "/api/v2/nope");
    expect([status, body]).toEqual([404, ""]);
  });

  it("return serverTime2 with seven decimals", async () => {
    const { body } = await client.send("GET", "/api/v2/server/time");
    expect(body.serverTime2).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00$/);
  });
});

describe("BTCTurk's signature", () => {
  it("may be used once", async () => {
    const headers = client.headers();
    expect((await client.send("GET", "/api/v1/users/balances", headers)).status).toBe(200);
    const again = await client.send("GET", "/api/v1/users/balances", headers);
    expect([again.status, again.body.message]).toEqual([401, "Unauthorized - Invalid Nonce"]);
  });

  it("must have a stamp within five seconds of the server's time", async () => {
    const balances = (stampMs: number) =>
      client.send("GET", "/api/v1/users/balances", client.headers(stampMs));
    expect((await balances(Date.now() - 4_000)).status).toBe(200);
    expect((await balances(Date.now() + 4_000)).status).toBe(200);
    expect((await balances(Date.now() - 6_000)).body.message).toBe("Unauthorized - Invalid Nonce");
    expect((await balances(Date.now() + 6_000)).body.message).toBe("Unauthorized - Invalid Nonce");
  });

  it("must match the account's keys", async () => {
    const send = (change: Record<string, string>) =>
      client.send("GET", "/api/v1/users/balances", { ...client.headers(), ...change });
    expect((await send({ "x-signature": "AAAA" })).body).toEqual({
      success: false,
      message: "Unauthorized - Invalid Signature",
      code: 1037,
    });
    expect((await send({ "x-pck": "another" })).status).toBe(401);
  });
});

describe("BTCTurk's orders", () => {
  it("rest, are found by id and among the open orders with their client order id", async () => {
    const { status, body } = await client.order({ newOrderClientId: "mine" });
    expect([status, body.success, body.message, body.code]).toEqual([200, true, "SUCCESS", 0]);
    expect(body.data).toMatchObject({
      newOrderClientId: "mine",
      type: "buy",
      method: "limit",
      price: "30000",
    });
    const found = await client.signed("GET", `/api/v1/order/${body.data.id}`);
    expect(found.body.data).toMatchObject({
      orderClientId: "mine",
      status: "Untouched",
      leftAmount: "0.00100000",
    });
    const open = await client.signed("GET", "/api/v1/openOrders?pairSymbol=BTCUSDT");
    expect(open.body.data).toEqual({ asks: [], bids: [found.body.data] });
  });

  it("spend an amount of the quote asset, including the fee, when they are market purchases", async () => {
    const bought = await client.order({
      orderMethod: "market",
      quantity: "1000",
      newOrderClientId: "market",
    });
    const all = await client.signed("GET", "/api/v1/allOrders?pairSymbol=BTCUSDT");
    expect(all.body.data[0]).toMatchObject({
      id: bought.body.data.id,
      orderClientId: "market",
      status: "Closed",
    });
    const { body } = await client.signed(
      "GET",
      `/api/v1/users/transactions/trade?orderId=${bought.body.data.id}`,
    );
    const spent = body.data.reduce(
      (sum: number, { price, amount }: { price: string; amount: string }) =>
        sum + Number(price) * Number(amount),
      0,
    );
    expect(spent).toBeLessThanOrEqual(1000);
    expect(spent).toBeGreaterThan(999);
    expect(body.data[0]).toMatchObject({
      orderType: "buy",
      denominatorSymbol: "USDT",
      numeratorSymbol: "BTC",
    });
    expect(Number(body.data[0].fee)).toBeLessThan(0);
  });

  it("return a sale's amount as a negative number", async () => {
    await client.order({ orderMethod: "market", orderType: "sell", quantity: "0.01" });
    const { body } = await client.signed("GET", "/api/v1/users/transactions/trade?type=sell");
    expect(Number(body.data[0].amount)).toBeLessThan(0);
    expect((await client.signed("GET", "/api/v1/users/transactions/trade?type=buy")).body.data).toEqual([]);
  });

  it("lock their value and the fee until the cancellation, which follows its answer", async () => {
    const { body } = await client.order({ quantity: "0.1" });
    const usdt = async () => {
      const balances = await client.signed("GET", "/api/v1/users/balances");
      return balances.body.data.find(({ asset }: { asset: string }) => asset === "USDT");
    };
    expect(await usdt()).toMatchObject({ locked: "3005.40000000", balance: "1000000.00000000" });
    const canceled = await client.signed("DELETE", `/api/v1/order?id=${body.data.id}`);
    expect(canceled.body).toEqual({ success: true, message: "SUCCESS", code: 0, data: null });
    await eventually(
      async () => (await client.signed("GET", `/api/v1/order/${body.data.id}`)).body.data.status,
    ).toBe("Canceled");
    expect((await usdt()).locked).toBe("0.00000000");
  });

  it("accept quantities and prices as JSON numbers too, exactly", async () => {
    const { body } = await client.order({ quantity: 0.0001, price: 30000.25 });
    const found = await client.signed("GET", `/api/v1/order/${body.data.id}`);
    expect(found.body.data).toMatchObject({ quantity: "0.00010000", price: "30000.25" });
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    ["an unknown pair", { pairSymbol: "NOPEUSDT" }, 1037, "Pair NOPEUSDT does not exists."],
    ["no pair", { pairSymbol: undefined }, 1037, "INVALID_REQUEST_ERROR"],
    ["an unknown method", { orderMethod: "iceberg" }, 1134, "ORDER_METHOD_NOT_SUPPORTED"],
    ["an unknown type", { orderType: "short" }, 1193, "ORDER_TYPE_NOT_SUPPORTED"],
    ["too fine a price", { price: "30000.123" }, 1126, "FAILED_INVALID_PRICE_SCALE"],
    ["too fine a quantity", { quantity: "0.000000001" }, 1127, "FAILED_INVALID_QUANTITY_SCALE"],
    ["too small a worth", { quantity: "0.00001" }, 1123, "FAILED_MIN_TOTAL_AMOUNT"],
    ["too low a price", { price: "100", quantity: "1" }, 1227, "PRICE_MUST_BE_GREATER_THAN_MINPRICE"],
    ["too high a price", { price: "10000000.01" }, 1226, "PRICE_MUST_BE_LESS_THAN_MAXPRICE"],
    ["more than the account has", { quantity: "90" }, 1055, "BALANCE_NOT_ENOUGH"],
    ["a quantity that is no number", { quantity: "a lot" }, 1037, "INVALID_REQUEST_ERROR"],
  ])("are refused for %s", async (_, fields, code, message) => {
    const { status, body } = await client.order(fields);
    expect({ status, ...body }).toEqual({ status: 400, success: false, message, code });
  });

  it("are refused with 1122 when the needed balance is locked in open orders", async () => {
    await client.order({ price: "40000", quantity: "20" });
    const { status, body } = await client.order({ price: "40000", quantity: "20" });
    expect([status, body.code, body.message]).toEqual([400, 1122, "FAILED_ORDER_WITH_OPEN_ORDERS"]);
  });

  it("wait for their stop price, with the needed balance locked, and can be canceled", async () => {
    const stop = { orderMethod: "stoplimit", stopPrice: "70000", price: "71000", quantity: "0.01" };
    const { body } = await client.order(stop);
    expect(body.data).toMatchObject({ method: "stoplimit", stopPrice: "70000", price: "71000" });
    const found = await client.signed("GET", `/api/v1/order/${body.data.id}`);
    expect(found.body.data).toMatchObject({ method: "stoplimit", stopPrice: "70000", status: "Untouched" });
    const { body: balances } = await client.signed("GET", "/api/v1/users/balances");
    const usdt = balances.data.find(({ asset }: { asset: string }) => asset === "USDT");
    expect(usdt.locked).toBe("711.27800000");
    await client.signed("DELETE", `/api/v1/order?id=${body.data.id}`);
    await eventually(
      async () => (await client.signed("GET", `/api/v1/order/${body.data.id}`)).body.data.status,
    ).toBe("Canceled");
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    ["to buy below the best ask", { stopPrice: "50000" }, 1124, "FAILED_STOP_PRICE_GREATER_THAN_BEST_ASK"],
    [
      "to sell above the best bid",
      { orderType: "sell", stopPrice: "70000" },
      1125,
      "FAILED_STOP_PRICE_LESS_THAN_BEST_BID",
    ],
    ["with too fine a price", { stopPrice: "70000.001" }, 1128, "FAILED_INVALID_STOP_PRICE_SCALE"],
    ["without a price", { stopPrice: undefined }, 1037, "INVALID_REQUEST_ERROR"],
  ])("refuse a stop %s", async (_, fields, code, message) => {
    const { status, body } = await client.order({ orderMethod: "stopmarket", ...fields });
    expect({ status, ...body }).toEqual({ status: 400, success: false, message, code });
  });

  it("that do not exist are 400, not 404", async () => {
    const found = await client.signed("GET", "/api/v1/order/1");
    expect([found.status, found.body]).toEqual([
      400,
      { success: false, message: "Order not found", code: 1152 },
    ]);
    const canceled = await client.signed("DELETE", "/api/v1/order?id=1");
    expect([canceled.status, canceled.body.message]).toEqual([400, "NO_ORDER_MATCHES_YOUR_REQUEST"]);
    const { body } = await client.order({ orderMethod: "market", quantity: "100" });
    const late = await client.signed("DELETE", `/api/v1/order?id=${body.data.id}`);
    expect([late.status, late.body.message]).toEqual([400, "ORDER_COULD_NOT_BE_CANCELED"]);
  });
});
