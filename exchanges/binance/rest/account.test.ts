import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningExchanges } from "../../start-exchanges.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";
import { startOnHandTape } from "../../testing/hand-tape.ts";

let exchanges: RunningExchanges;
let client: BinanceTestClient;

beforeAll(async () => {
  exchanges = await startOnHandTape([], { tapeStart: "paused" });
  client = new BinanceTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const get = async (path: string, parameters: Record<string, string | number> = {}) =>
  (await client.signed("GET", path, parameters)).body;
const BTCUSDT = { symbol: "BTCUSDT" };
const DAY_MS = 86_400_000;

describe("the list of all orders", () => {
  const idsOf = (orders: { clientOrderId: string }[]): string[] =>
    orders.map(({ clientOrderId }) => clientOrderId);

  it("is oldest first, and the last ones, or the first from an id or a time on", async () => {
    const placed = [];
    for (const newClientOrderId of ["a", "b", "c"])
      placed.push((await client.order({ newClientOrderId })).body);
    expect(idsOf(await get("/api/v3/allOrders", BTCUSDT))).toEqual(["a", "b", "c"]);
    expect(idsOf(await get("/api/v3/allOrders", { ...BTCUSDT, limit: 2 }))).toEqual(["b", "c"]);
    const from = { ...BTCUSDT, orderId: placed[1]?.orderId, limit: 1 };
    expect(idsOf(await get("/api/v3/allOrders", from))).toEqual(["b"]);
    const since = { ...BTCUSDT, startTime: placed[2]?.transactTime + 1 };
    expect(idsOf(await get("/api/v3/allOrders", since))).toEqual([]);
  });

  it("and that of the trades cover at most a day", async () => {
    const now = Date.now();
    for (const path of ["/api/v3/allOrders", "/api/v3/myTrades"]) {
      const query = { ...BTCUSDT, startTime: now - DAY_MS - 1, endTime: now };
      expect(await get(path, query)).toEqual({
        code: -1127,
        msg: "More than 24 hours between startTime and endTime.",
      });
    }
  });
});

describe("what an account asks about itself", () => {
  it("has no allocations, since no symbol has smart order routing", async () => {
    expect(await get("/api/v3/myAllocations", { symbol: "BTCUSDT" })).toEqual([]);
    expect(await get("/api/v3/myAllocations", { symbol: "NOPEUSDT" })).toMatchObject({ code: -1121 });
  });

  it("has the filters that exchangeInfo lists for open orders", async () => {
    const { body } = await client.send("GET", "/api/v3/exchangeInfo?symbol=BTCUSDT");
    const filters: { filterType: string }[] = body.symbols[0].filters;
    const symbolFilters = filters.filter(({ filterType }) => filterType.startsWith("MAX_NUM"));
    expect(symbolFilters).toHaveLength(2);
    expect(await get("/api/v3/myFilters", { symbol: "BTCUSDT" })).toMatchObject({ symbolFilters });
  });
});

describe("the order counts", () => {
  const counts = async (): Promise<number[]> =>
    (await get("/api/v3/rateLimit/order")).map(({ count }: { count: number }) => count);

  it("increase with orders that rest and not with orders that trade", async () => {
    await client.order();
    await client.order({ type: "MARKET", quantity: "0.001" });
    await client.order();
    // The other count is of ten seconds, which may end between two requests.
    const [, ofToday] = await counts();
    expect(ofToday).toBe(2);
  });
});

describe("commissions", () => {
  it("are returned in full", async () => {
    expect(await get("/api/v3/account/commission", BTCUSDT)).toMatchObject({
      ...{ symbol: "BTCUSDT", standardCommission: { maker: "0.00100000", taker: "0.00100000" } },
      discount: { enabledForAccount: false },
    });
    expect(await get("/sapi/v1/asset/tradeFee")).toEqual([
      { symbol: "BTCUSDT", makerCommission: "0.001", takerCommission: "0.001" },
    ]);
  });
});

describe("the wallet", () => {
  it("lists the account's assets", async () => {
    const assets = await get("/sapi/v1/capital/config/getall");
    expect(assets.map(({ coin, free }: { coin: string; free: string }) => [coin, free])).toEqual([
      ["USDT", "1000000.00000000"],
      ["BTC", "100.00000000"],
      ["ETH", "1000.00000000"],
    ]);
  });

  it("has no margin pairs, which only an API key may ask for", async () => {
    const path = "/sapi/v1/margin/allPairs";
    expect((await client.send("GET", path, { headers: client.headers })).body).toEqual([]);
    expect((await client.send("GET", path)).body.code).toBe(-2014);
  });

  it("moves money out of the spot account and into it, never more than there is", async () => {
    const transfer = (type: string, amount: string) =>
      client.signed("POST", "/sapi/v1/asset/transfer", { type, asset: "USDT", amount });
    expect((await transfer("MAIN_UMFUTURE", "400000")).body.tranId).toEqual(expect.any(Number));
    expect((await transfer("MAIN_UMFUTURE", "600000.00000001")).body.code).toBe(-2010);
    await transfer("UMFUTURE_MAIN", "0.5");
    const { balances } = await get("/api/v3/account");
    expect(balances[0]).toEqual({ asset: "USDT", free: "600000.50000000", locked: "0.00000000" });
  });
});
