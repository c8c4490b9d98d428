import { BaseError, btcturk, type Order } from "ccxt";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { BTCTURK_CREDENTIALS, type ClientStub, refusedAtLast, startClientStub } from "./client-stub.ts";
import { describeDay } from "./describe-day.ts";
import { BTCTURK_REFUSALS } from "./venue-refusals.ts";

const BTC = "BTC/USDT";
let stub: ClientStub;
let client: btcturk;

/** A client whose base addresses are those of a stub; paths and everything else are its own. */
function clientOf(at: ClientStub, options: { apiKey?: string; enableRateLimit?: boolean } = {}): btcturk {
  // Each stamp may be used only once, so ccxt needs its own limit of ten requests a second.
  const made = new btcturk({
    apiKey: BTCTURK_CREDENTIALS.apiKey,
    secret: BTCTURK_CREDENTIALS.apiSecret,
    ...options,
  });
  const api = Object.entries(made.urls.api as Record<string, string>).map(([name, url]) => [
    name,
    url.replace(/^https:\/\/[^/]+/, at.btcturk.rest),
  ]);
  made.urls = { ...made.urls, api: Object.fromEntries(api) };
  return made;
}

beforeAll(async () => {
  stub = await startClientStub();
});
beforeEach(async () => {
  stub.exchanges.reset();
  client = clientOf(stub);
  await client.loadMarkets();
});
afterAll(() => stub.exchanges.stop());

const buy = (amount = 0.001, price = 40_000): Promise<Order> =>
  client.createOrder(BTC, "limit", "buy", amount, price);

describeDay("ccxt-btcturk", {
  "load the markets": async () => {
    const market = client.market(BTC);
    expect(Object.keys(client.markets ?? {})).toEqual([BTC, "ETH/USDT"]);
    expect(market).toMatchObject({ id: "BTCUSDT", active: true, spot: true });
    expect(market.precision).toMatchObject({ amount: 1e-8, price: 0.01 });
  },
  "read the book": async () => {
    const { bids, asks } = await client.fetchOrderBook(BTC);
    expect([bids.length, asks.length]).toEqual([100, 100]);
    expect(Number(bids[0]?.[0])).toBeLessThan(Number(asks[0]?.[0]));
  },
  "read trades": async () => {
    await eventually(async () => (await client.fetchTrades(BTC)).length).toBeGreaterThan(3);
    const [trade] = await client.fetchTrades(BTC);
    expect(Number(trade?.price) * Number(trade?.amount)).toBeCloseTo(Number(trade?.cost), 6);
  },
  "read klines": async () => {
    await eventually(async () => (await client.fetchOHLCV(BTC, "1m", undefined, 10)).length).toBeGreaterThan(
      0,
    );
    const [candle] = await client.fetchOHLCV(BTC, "1m", undefined, 10);
    expect(candle?.every(Number.isFinite)).toBe(true);
  },
  "read tickers": async () => {
    const tickers = await client.fetchTickers();
    expect(Object.keys(tickers)).toEqual([BTC, "ETH/USDT"]);
    expect(Number(tickers[BTC]?.bid)).toBeLessThan(Number(tickers[BTC]?.ask));
  },
  "read the balance": async () => {
    const { BTC: btc } = await client.fetchBalance();
    expect(btc).toMatchObject({ free: 100, used: 0, total: 100 });
  },
  "place a limit order": async () => {
    expect(await buy()).toMatchObject({
      symbol: BTC,
      side: "buy",
      type: "limit",
      amount: 0.001,
      price: 40_000,
    });
  },
  "place a market order": async () => {
    await client.createOrder(BTC, "market", "buy", 1_000);
    const { BTC: btc } = await client.fetchBalance();
    expect(btc?.total).toBeGreaterThan(100);
  },
  "list open orders": async () => {
    const { id } = await buy();
    expect(await client.fetchOpenOrders(BTC)).toMatchObject([{ id, status: "open", remaining: 0.001 }]);
  },
  "list all orders": async () => {
    const { id } = await buy();
    const since = Date.now() - 60_000;
    expect(await client.fetchOrders(BTC, since, 5)).toMatchObject([{ id, status: "open" }]);
  },
  "cancel an order": async () => {
    const { id } = await buy();
    await client.cancelOrder(String(id));
    await eventually(async () => (await client.fetchOpenOrders(BTC)).length).toBe(0);
  },
  "read own trades": async () => {
    await client.createOrder(BTC, "market", "buy", 1_000);
    await client.createOrder(BTC, "market", "sell", 0.001);
    const trades = await client.fetchMyTrades(BTC);
    expect(new Set(trades.map(({ side }) => side))).toEqual(new Set(["buy", "sell"]));
    const spent = trades
      .filter(({ side }) => side === "buy")
      .reduce((sum, { cost }) => sum + Number(cost), 0);
    expect(spent).toBeGreaterThan(999);
    expect(spent).toBeLessThanOrEqual(1_000);
  },
  "hit the rate limit": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const eager = clientOf(strict, { enableRateLimit: false });
    const error = await refusedAtLast(() => eager.fetchOrderBook(BTC));
    expect(nameOf(error)).toBe("ExchangeError");
    expect(String(error)).toContain("TOO_MANY_REQUESTS");
  },
});

function nameOf(error: unknown): string {
  return error instanceof BaseError ? error.constructor.name : String(error);
}

describe("ccxt throws its own error for BTCTurk's refusal", () => {
  const attempts = {
    "insufficient balance": () => buy(90),
    "funds in open orders": async () => {
      await buy(20);
      await buy(20);
    },
    "cancel of no order": () => client.cancelOrder("1"),
    "limit order failed": async () => {
      await stub.control.misbehave("btcturk", "order-failed");
      await buy();
    },
    "market order failed": async () => {
      await stub.control.misbehave("btcturk", "order-failed");
      await client.createOrder(BTC, "market", "sell", 0.001);
    },
    "another key": () => clientOf(stub, { apiKey: "another" }).fetchBalance(),
    "quota exceeded": async () => {
      await stub.control.misbehave("btcturk", "quota-exceeded");
      await client.fetchBalance();
    },
  } satisfies Readonly<Record<keyof typeof BTCTURK_REFUSALS, () => Promise<unknown>>>;

  it.each(Object.entries(BTCTURK_REFUSALS))("for %s", async (name, { error, message }) => {
    const attempt = attempts[name as keyof typeof attempts];
    const thrown = await attempt().then(
      () => "nothing",
      (cause: unknown) => cause,
    );
    expect(nameOf(thrown)).toBe(error);
    expect(String(thrown)).toContain(message);
  });
});
