import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";

let exchanges: RunningExchanges;
let client: BinanceTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 11 });
  client = new BinanceTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const touch = async (): Promise<{ bid: string; ask: string }> => {
  const { body } = await client.send("GET", "/api/v3/ticker/bookTicker?symbol=BTCUSDT");
  return { bid: body.bidPrice, ask: body.askPrice };
};

describe("public endpoints", () => {
  it("answer ping with {} and time with wall time", async () => {
    expect((await client.send("GET", "/api/v3/ping")).body).toEqual({});
    const before = Date.now();
    const { serverTime } = (await client.send("GET", "/api/v3/time")).body;
    expect(serverTime).toBeGreaterThanOrEqual(before);
    expect(serverTime).toBeLessThanOrEqual(Date.now());
  });

  it("list the tape's symbols with their filters", async () => {
    const { body } = await client.send("GET", "/api/v3/exchangeInfo");
    expect(body.symbols.map(({ symbol }: { symbol: string }) => symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
    const { body: one } = await client.send("GET", '/api/v3/exchangeInfo?symbols=["BTCUSDT"]');
    expect(one.symbols[0].filters).toContainEqual({
      filterType: "PRICE_FILTER",
      minPrice: "0.01000000",
      maxPrice: "1000000.00000000",
      tickSize: "0.01000000",
    });
    expect(body.rateLimits).toContainEqual({
      rateLimitType: "REQUEST_WEIGHT",
      interval: "MINUTE",
      intervalNum: 1,
      limit: 6_000,
    });
  });

  it("return a depth of the requested length, best prices first", async () => {
    const { body } = await client.send("GET", "/api/v3/depth?symbol=BTCUSDT&limit=1000");
    expect([body.bids.length, body.asks.length]).toEqual([1_000, 1_000]);
    const asks = body.asks.map(([price]: [string]) => Number(price));
    expect(asks).toEqual(asks.toSorted((left: number, right: number) => left - right));
    expect((await client.send("GET", "/api/v3/depth?symbol=BTCUSDT")).body.bids).toHaveLength(100);
  });

  it("charge the venue's weights and return them in a header", async () => {
    const used = async (path: string): Promise<number> =>
      Number((await client.send("GET", path)).headers.get("x-mbx-used-weight-1m"));
    const start = await used("/api/v3/ping");
    expect((await used("/api/v3/depth?symbol=BTCUSDT&limit=1000")) - start).toBe(50);
    expect((await used("/api/v3/ticker/price")) - start).toBe(54);
    expect((await used("/api/v3/ticker/price?symbol=BTCUSDT")) - start).toBe(56);
  });
});

describe("placing an order", () => {
  it("fills a market order and answers FULL, with fees in the received asset", async () => {
    const { status, body, headers } = await client.order({
      type: "MARKET",
      quantity: "0.5",
      newClientOrderId: "m1",
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      symbol: "BTCUSDT",
      clientOrderId: "m1",
      status: "FILLED",
      executedQty: "0.50000000",
      type: "MARKET",
      side: "BUY",
      timeInForce: "GTC",
    });
    const fills: { price: string; qty: string; commission: string; commissionAsset: string }[] = body.fills;
    const total = fills.reduce((sum, { price, qty }) => sum + Number(price) * Number(qty), 0);
    expect(Number(body.cummulativeQuoteQty)).toBeCloseTo(total, 6);
    for (const { qty, commission, commissionAsset } of fills) {
      expect([Number(commission).toFixed(8), commissionAsset]).toEqual([
        (Number(qty) / 1000).toFixed(8),
        "BTC",
      ]);
    }
    expect(headers.get("x-mbx-order-count-10s")).toBe("1");
    expect(headers.get("x-mbx-order-count-1d")).toBe("1");
  });

  it("reads its parameters from the query, the body, or both, with precedence of the query", async () => {
    const fields = { symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", price: "30000" };
    const body = client.query({ ...fields, quantity: "0.001", timestamp: Date.now() });
    const headers = { ...client.headers, "content-type": "application/x-www-form-urlencoded" };
    expect((await client.send("POST", "/api/v3/order", { headers, body })).body.status).toBe("NEW");
    const mixed = new URLSearchParams({ ...fields, quantity: "0.002" }).toString();
    const { signBinance } = await import("./authentication.ts");
    const rest = `quantity=0.005&timestamp=${Date.now()}`;
    const signature = signBinance(mixed + rest, "kanit-binance-secret");
    const both = await client.send("POST", `/api/v3/order?${mixed}`, {
      headers,
      body: `${rest}&signature=${signature}`,
    });
    expect(both.body.origQty).toBe("0.00200000");
  });

  it("answers with the detail of newOrderRespType", async () => {
    const ack = await client.order({ newOrderRespType: "ACK" });
    expect(Object.keys(ack.body)).toEqual([
      "symbol",
      "orderId",
      "orderListId",
      "clientOrderId",
      "transactTime",
    ]);
    const result = await client.order({ newOrderRespType: "RESULT" });
    expect(result.body).toMatchObject({ status: "NEW", price: "30000.00000000" });
    expect(result.body).not.toHaveProperty("fills");
    const maker = await client.order({ type: "LIMIT_MAKER", price: "30000" });
    expect(maker.body).not.toHaveProperty("status");
  });

  it("can be found by both ids, canceled once, and its client order id reused", async () => {
    const placed = await client.order({ newClientOrderId: "again" });
    const { orderId } = placed.body;
    const byClientId = { symbol: "BTCUSDT", origClientOrderId: "again" };
    expect((await client.signed("GET", "/api/v3/order", byClientId)).body).toMatchObject({
      orderId,
      status: "NEW",
    });
    expect((await client.signed("GET", "/api/v3/openOrders")).body).toHaveLength(1);
    const canceled = await client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", orderId });
    expect(canceled.body).toMatchObject({ origClientOrderId: "again", status: "CANCELED" });
    expect((await client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", orderId })).body.status).toBe(
      "CANCELED",
    );
    const second = await client.order({ newClientOrderId: "again" });
    expect(second.status).toBe(200);
    expect((await client.signed("GET", "/api/v3/order", byClientId)).body.orderId).toBe(second.body.orderId);
  });

  it("locks what it reserves, and returns trades and balances exactly", async () => {
    await client.order({ price: "30000", quantity: "0.002" });
    const bought = await client.order({ type: "MARKET", quantity: "0.1" });
    const { body } = await client.signed("GET", "/api/v3/account");
    const usdt = body.balances.find(({ asset }: { asset: string }) => asset === "USDT");
    expect(usdt.locked).toBe("60.00000000");
    expect(Number(usdt.free)).toBeCloseTo(1_000_000 - 60 - Number(bought.body.cummulativeQuoteQty), 6);
    const { body: trades } = await client.signed("GET", "/api/v3/myTrades", { symbol: "BTCUSDT" });
    expect(trades.map(({ id }: { id: number }) => id)).toEqual(
      bought.body.fills.map(({ tradeId }: { tradeId: number }) => tradeId),
    );
    expect(trades[0]).toMatchObject({ isBuyer: true, isMaker: false, commissionAsset: "BTC" });
  });

  it("spends a quoteOrderQty", async () => {
    const { body } = await client.signed("POST", "/api/v3/order", {
      ...{ symbol: "BTCUSDT", side: "BUY", type: "MARKET", quoteOrderQty: "100" },
    });
    expect(body).toMatchObject({ status: "FILLED", origQuoteOrderQty: "100.00000000" });
    expect(Number(body.cummulativeQuoteQty)).toBeLessThanOrEqual(100);
    expect(Number(body.cummulativeQuoteQty)).toBeGreaterThan(99);
  });

  it("expires what IOC and FOK cannot fill at once", async () => {
    expect((await client.order({ timeInForce: "IOC" })).body).toMatchObject({
      status: "EXPIRED",
      timeInForce: "IOC",
    });
    const { ask } = await touch();
    const fok = await client.order({ timeInForce: "FOK", price: ask, quantity: "15" });
    expect(fok.body).toMatchObject({ status: "EXPIRED", executedQty: "0.00000000" });
  });
});

describe("limits, when they are enforced", () => {
  it("refuse the 51st order of ten seconds with -1015", async () => {
    const clock = heldClock();
    await using strict = await startExchanges({ rateLimits: "enforced" }, { clock });
    const strictClient = new BinanceTestClient(strict);
    const order = () => strictClient.order({ timestamp: clock.nowMs() });
    for (let count = 0; count < 50; count++) expect((await order()).status).toBe(200);
    const { status, body, headers } = await order();
    expect({ status, ...body }).toEqual({
      status: 429,
      code: -1015,
      msg: "Too many new orders; current limit is 50 orders per 10 SECOND.",
    });
    expect(headers.get("retry-after")).toMatch(/^([1-9]|10)$/);
  });

  it("answer 429 over 6000 weight a minute, and 418 to a client that continues", async () => {
    await using strict = await startExchanges({ rateLimits: "enforced" }, { clock: heldClock() });
    const strictClient = new BinanceTestClient(strict);
    const answers: { status: number; retryAfter: string | null; code: number }[] = [];
    for (let count = 0; count < 130; count++) {
      const { status, headers, body } = await strictClient.send(
        "GET",
        "/api/v3/depth?symbol=BTCUSDT&limit=5000",
      );
      answers.push({ status, retryAfter: headers.get("retry-after"), code: body.code });
    }
    expect(answers.slice(0, 24).every(({ status }) => status === 200)).toBe(true);
    expect(answers[24]).toEqual({ status: 429, retryAfter: "60", code: -1003 });
    expect(answers.at(-1)).toEqual({ status: 418, retryAfter: "120", code: -1003 });
  });
});

/** A clock fixed at the beginning of a minute, so that no window ends while a test counts. */
function heldClock() {
  const startMs = Math.floor(Date.now() / 60_000) * 60_000;
  return {
    nowMs: () => startMs,
    monotonicMs: () => performance.now(),
    sleep: () => Promise.resolve(),
  };
}
