import { BaseError, type Order, pro } from "ccxt";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { eventually } from "../testing/eventually.ts";
import {
  BINANCE_CREDENTIALS,
  bannedAtLast,
  type ClientStub,
  type Credentials,
  refusedAtLast,
  startClientStub,
} from "./client-stub.ts";
import { describeDay } from "./describe-day.ts";
import { describeRefusals } from "./describe-refusals.ts";

type Client = InstanceType<typeof pro.binance>;

const BTC = "BTC/USDT";
const CLIENT_PRICE = 40_000;
let stub: ClientStub;
let client: Client;

/** A client whose base addresses are those of a stub; paths and everything else are its own. */
function clientOf(at: ClientStub, { apiKey, apiSecret }: Credentials = BINANCE_CREDENTIALS): Client {
  const spotAlone = { fetchMarkets: { types: ["spot"] } };
  const made = new pro.binance({ apiKey, secret: apiSecret, enableRateLimit: false, options: spotAlone });
  made.urls = { ...made.urls, api: redirected(made.urls.api, at) as Client["urls"] };
  return made;
}

function redirected(urls: unknown, at: ClientStub): unknown {
  if (typeof urls === "string") {
    return urls.replace(/^https:\/\/[^/]+/, at.binance.rest).replace(/^wss:\/\/[^/]+/, at.binance.ws);
  }
  const entries = Object.entries(urls as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, url]) => [name, redirected(url, at)]));
}

beforeAll(async () => {
  stub = await startClientStub();
});
beforeEach(async () => {
  stub.exchanges.reset();
  client = clientOf(stub);
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
});
afterEach(() => client.close());
afterAll(() => stub.exchanges.stop());

const buy = (amount = 0.001, price = CLIENT_PRICE): Promise<Order> =>
  client.createOrder(BTC, "limit", "buy", amount, price);
const buyId = async (): Promise<string> => String((await buy()).id);
const readBook = (at: Client) => () => at.fetchOrderBook(BTC, 5_000);

describeDay("ccxt-binance", {
  "load the markets": async () => {
    expect(Object.keys(client.markets ?? {})).toEqual([BTC, "ETH/USDT"]);
    expect(client.market(BTC)).toMatchObject({ id: "BTCUSDT", active: true, spot: true });
    expect(client.market(BTC).precision).toMatchObject({ amount: 1e-5, price: 0.01 });
    expect(client.market(BTC).limits.cost).toMatchObject({ min: 5, max: 9_000_000 });
  },
  "read the clock": async () => {
    expect(Math.abs(Number(await client.fetchTime()) - Date.now())).toBeLessThan(60_000);
  },
  "read the book": async () => {
    const { bids, asks, nonce } = await client.fetchOrderBook(BTC, 100);
    expect([bids.length, asks.length]).toEqual([100, 100]);
    expect(Number(bids[0]?.[0])).toBeLessThan(Number(asks[0]?.[0]));
    expect(nonce).toBeGreaterThan(0);
  },
  "read trades": async () => {
    await eventually(async () => (await client.fetchTrades(BTC)).length).toBeGreaterThan(3);
    const [trade] = await client.fetchTrades(BTC);
    expect(Number(trade?.price) * Number(trade?.amount)).toBeCloseTo(Number(trade?.cost), 6);
  },
  "read klines": async () => {
    await eventually(async () => (await client.fetchOHLCV(BTC, "1s")).length).toBeGreaterThan(1);
    const [candle] = await client.fetchOHLCV(BTC, "1s");
    expect(candle).toHaveLength(6);
    expect(candle?.every(Number.isFinite)).toBe(true);
  },
  "read tickers": async () => {
    const tickers = await client.fetchTickers();
    expect(Object.keys(tickers).sort()).toEqual([BTC, "ETH/USDT"]);
    expect(Number(tickers[BTC]?.bid)).toBeLessThan(Number(tickers[BTC]?.ask));
  },
  "watch the book": async () => {
    const first = await client.watchOrderBook(BTC);
    const firstNonce = Number(first.nonce);
    while (Number((await client.watchOrderBook(BTC)).nonce) < firstNonce + 1_000);
    await stub.pause();
    const read = await client.fetchOrderBook(BTC, 100);
    await eventually(() => client.orderbooks[BTC]?.nonce).toBe(read.nonce);
    const watched = client.orderbooks[BTC];
    expect(watched?.bids.slice(0, 100)).toEqual(read.bids);
    expect(watched?.asks.slice(0, 100)).toEqual(read.asks);
  },
  "watch trades": async () => {
    const [watched] = await client.watchTrades(BTC);
    expect((await client.watchTrades("ETH/USDT"))[0]?.symbol).toBe("ETH/USDT");
    const read = await client.fetchTrades(BTC, undefined, 1_000);
    expect(read.find(({ id }) => id === watched?.id)).toMatchObject({ price: watched?.price });
  },
  "watch klines": async () => {
    const [candle] = await client.watchOHLCV(BTC, "1m");
    expect(candle?.every(Number.isFinite)).toBe(true);
  },
  "watch the account": async () => {
    await client.authenticate();
    const orders = client.watchOrders(BTC);
    const balance = client.watchBalance();
    const trades = client.watchMyTrades(BTC);
    const sold = await client.createOrder(BTC, "market", "sell", 0.001);
    expect((await orders).at(-1)).toMatchObject({ id: sold.id, side: "sell" });
    expect((await trades).at(-1)).toMatchObject({ order: sold.id, amount: 0.001 });
    expect((await balance).BTC?.free).toBe(99.999);
  },
  "read the balance": async () => {
    const { BTC: btc, USDT: usdt } = await client.fetchBalance();
    expect([btc?.free, usdt?.total]).toEqual([100, 1_000_000]);
  },
  "place a limit order": async () => {
    expect(await buy()).toMatchObject({ symbol: BTC, status: "open", amount: 0.001, price: CLIENT_PRICE });
    const { USDT: usdt } = await client.fetchBalance();
    expect(usdt).toMatchObject({ used: 40, free: 999_960 });
  },
  "place a market order": async () => {
    const sold = await client.createOrder(BTC, "market", "sell", 0.001);
    expect(sold).toMatchObject({ status: "closed", filled: 0.001, remaining: 0 });
    expect(sold.trades.length).toBeGreaterThan(0);
    const bought = await client.createMarketBuyOrderWithCost(BTC, 1_000);
    expect(Number(bought.cost)).toBeLessThanOrEqual(1_000);
  },
  "query an order": async () => {
    const id = await buyId();
    expect(await client.fetchOrder(id, BTC)).toMatchObject({ id, status: "open", filled: 0 });
  },
  "list open orders": async () => {
    const ids = [(await buy()).id, (await buy()).id];
    expect((await client.fetchOpenOrders(BTC)).map(({ id }) => id)).toEqual(ids);
  },
  "list all orders": async () => {
    const id = await buyId();
    await client.cancelOrder(id, BTC);
    expect((await client.fetchOrders(BTC)).map(({ status }) => status)).toEqual(["canceled"]);
  },
  "replace an order": async () => {
    const id = await buyId();
    const replaced = await client.editOrder(id, BTC, "limit", "buy", 0.002, CLIENT_PRICE + 1_000);
    expect(replaced).toMatchObject({ status: "open", amount: 0.002, price: 41_000 });
    expect((await client.fetchOrder(id, BTC)).status).toBe("canceled");
  },
  "cancel an order": async () => {
    const id = await buyId();
    expect(await client.cancelOrder(id, BTC)).toMatchObject({ id, status: "canceled" });
  },
  "cancel all orders": async () => {
    await buy();
    await buy();
    expect(await client.cancelAllOrders(BTC)).toHaveLength(2);
    expect(await client.fetchOpenOrders(BTC)).toEqual([]);
  },
  "read own trades": async () => {
    const { id } = await client.createOrder(BTC, "market", "sell", 0.001);
    const [trade] = await client.fetchMyTrades(BTC);
    expect(trade).toMatchObject({ order: id, side: "sell", takerOrMaker: "taker" });
    expect(trade?.fee?.currency).toBe("USDT");
  },
  "order over WebSocket": async () => {
    const id = String((await client.createOrderWs(BTC, "limit", "buy", 0.001, CLIENT_PRICE)).id);
    expect((await client.fetchOpenOrders(BTC)).map((order) => order.id)).toEqual([id]);
    expect(await client.cancelOrderWs(id, BTC)).toMatchObject({ id, status: "canceled" });
  },
  "hit the rate limit": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const error = await refusedAtLast(readBook(clientOf(strict)));
    expect(nameOf(error)).toBe("DDoSProtection");
    expect(messageOf(error)).toContain(" 429 ");
  },
  "ignore it and be banned": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const isBan = (error: unknown): boolean => messageOf(error).includes(" 418 ");
    const error = await bannedAtLast(readBook(clientOf(strict)), isBan);
    expect(nameOf(error)).toBe("DDoSProtection");
  },
});

function nameOf(error: unknown): string {
  return error instanceof BaseError ? error.constructor.name : String(error);
}

function messageOf(error: unknown): string {
  return error instanceof BaseError ? error.message : String(error);
}

describeRefusals({
  client: "ccxt-binance",
  stub: () => stub,
  nameOf,
  messageOf,
  context: (credentials) => {
    // The venue's calls under their own names, as ccxt offers them: its unified calls check most of this
    // themselves.
    const api = clientOf(stub, credentials);
    return {
      place: (parameters) => api.privatePostOrder(parameters),
      replace: (parameters) => api.privatePostOrderCancelReplace(parameters),
      query: (symbol, orderId) => api.privateGetOrder({ symbol, orderId }),
      cancel: (symbol, orderId) => api.privateDeleteOrder({ symbol, orderId }),
      readBook: (symbol) => api.publicGetDepth({ symbol }),
      readAccount: () => api.privateGetAccount(),
    };
  },
});
