import { btcturk } from "ccxt";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { eventually } from "../testing/eventually.ts";

const BTC = "BTC/USDT";
let exchanges: RunningExchanges;
let client: btcturk;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 30 });
  await exchanges.ready;
});
beforeEach(async () => {
  exchanges.reset();
  const base = `http://127.0.0.1:${exchanges.addresses.btcturk.restPort}`;
  // Each stamp may be used only once, so ccxt needs its own limit of ten requests a second.
  client = new btcturk({ apiKey: "kanit-btcturk-key", secret: "a2FuaXQtYnRjdHVyay1zZWNyZXQ=" });
  const api = { public: `${base}/api/v2`, private: `${base}/api/v1`, graph: `${base}/v1` };
  client.urls = { ...client.urls, api };
  await client.loadMarkets();
});
afterAll(() => exchanges.stop());

describe("ccxt's btcturk", () => {
  it("loads the markets with their precision and limits", () => {
    const market = client.market(BTC);
    expect(Object.keys(client.markets ?? {})).toEqual([BTC, "ETH/USDT"]);
    expect(market).toMatchObject({ id: "BTCUSDT", active: true, spot: true });
    expect(market.precision).toMatchObject({ amount: 1e-8, price: 0.01 });
  });

  it("reads book, tickers, trades and candles", async () => {
    await eventually(async () => (await client.fetchTrades(BTC)).length).toBeGreaterThan(3);
    const { bids, asks } = await client.fetchOrderBook(BTC);
    expect([bids.length, asks.length]).toEqual([100, 100]);
    expect(Number(bids[0]?.[0])).toBeLessThan(Number(asks[0]?.[0]));
    const ticker = await client.fetchTicker(BTC);
    expect(Number(ticker.bid)).toBeLessThan(Number(ticker.ask));
    expect(Object.keys(await client.fetchTickers())).toEqual([BTC, "ETH/USDT"]);
    const [candle] = await client.fetchOHLCV(BTC, "1m", undefined, 10);
    expect(candle?.every(Number.isFinite)).toBe(true);
  });

  it("places, finds and cancels a limit order", async () => {
    const placed = await client.createOrder(BTC, "limit", "buy", 0.001, 40_000);
    expect(placed).toMatchObject({ symbol: BTC, side: "buy", type: "limit", amount: 0.001, price: 40_000 });
    const [open] = await client.fetchOpenOrders(BTC);
    expect(open).toMatchObject({ id: placed.id, status: "open", remaining: 0.001, filled: 0 });
    await client.cancelOrder(String(placed.id));
    await eventually(async () =>
      (await client.fetchOrders(BTC, Date.now() - 60_000, 5)).map(({ status }) => status),
    ).toEqual(["canceled"]);
  });

  it("buys for an amount, sells, and finds both among its trades and in its balance", async () => {
    await client.createOrder(BTC, "market", "buy", 1_000);
    await client.createOrder(BTC, "market", "sell", 0.001);
    const trades = await client.fetchMyTrades(BTC);
    expect(trades.map(({ side }) => side)).toEqual(expect.arrayContaining(["buy", "sell"]));
    const spent = trades
      .filter(({ side }) => side === "buy")
      .reduce((sum, { cost }) => sum + Number(cost), 0);
    expect(spent).toBeGreaterThan(999);
    expect(spent).toBeLessThanOrEqual(1_000);
    const balance = await client.fetchBalance();
    expect(balance.BTC?.total).not.toBe(100);
  });

  it("places stop orders of both kinds", async () => {
    const limit = await client.createOrder(BTC, "stopLimit", "buy", 0.001, 71_000, { stopPrice: "70000" });
    const market = await client.createOrder(BTC, "stopMarket", "sell", 0.001, 50_000, { stopPrice: "50000" });
    const ids = (await client.fetchOpenOrders(BTC)).map(({ id }) => id);
    expect(ids.sort()).toEqual([limit.id, market.id].sort());
  });

  it("throws its own typed errors", async () => {
    const buy = (amount: number, price: number) => client.createOrder(BTC, "limit", "buy", amount, price);
    const thrownBy = (act: Promise<unknown>) =>
      act.then(
        () => "nothing",
        (error: Error) => `${error.constructor.name} ${error.message}`,
      );
    await buy(20, 40_000);
    expect(await thrownBy(buy(20, 40_000))).toBe("InsufficientFunds btcturk FAILED_ORDER_WITH_OPEN_ORDERS");
    expect(await thrownBy(buy(90, 40_000))).toBe("ExchangeError btcturk BALANCE_NOT_ENOUGH");
    expect(await thrownBy(client.cancelOrder("1"))).toBe(
      "ExchangeError btcturk NO_ORDER_MATCHES_YOUR_REQUEST",
    );
    await new ControlTestClient(exchanges).misbehave("btcturk", "order-failed");
    expect(await thrownBy(buy(0.001, 40_000))).toBe("InvalidOrder btcturk FAILED_LIMIT_ORDER");
    const sell = client.createOrder(BTC, "market", "sell", 0.001);
    expect(await thrownBy(sell)).toBe("InvalidOrder btcturk FAILED_MARKET_ORDER");
    client.apiKey = "another";
    expect(await thrownBy(client.fetchBalance())).toBe(
      "ExchangeError btcturk Unauthorized - Invalid Public Key",
    );
  });
});
