import { Spot, WebsocketAPI, WebsocketStream } from "@binance/connector";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
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
import { gapsIn, Received } from "./received.ts";

const symbol = "BTCUSDT";
const LIMIT = { timeInForce: "GTC", quantity: 0.001, price: 40_000 };
/** It logs each connection to the console, unless it is given another logger. */
const QUIET = Object.fromEntries(
  ["debug", "info", "warn", "error", "log"].map((level) => [level, () => undefined]),
);
let stub: ClientStub;
let client: Spot;

function clientOf(at: ClientStub, { apiKey, apiSecret }: Credentials = BINANCE_CREDENTIALS): Spot {
  return new Spot(apiKey, apiSecret, { baseURL: at.binance.rest });
}

beforeAll(async () => {
  stub = await startClientStub();
});
beforeEach(() => {
  stub.exchanges.reset();
  client = clientOf(stub);
});
afterAll(() => stub.exchanges.stop());

const place = async () => (await client.newOrder(symbol, "BUY", "LIMIT", LIMIT)).data;
const sell = async () => (await client.newOrder(symbol, "SELL", "MARKET", { quantity: 0.001 })).data;
const readBook = (at: ClientStub) => {
  const own = clientOf(at);
  return () => own.depth(symbol, { limit: 5_000 });
};

describeDay("binance-connector", {
  "load the markets": async () => {
    const { symbols } = (await client.exchangeInfo()).data;
    expect(symbols.map((listed: { symbol: string }) => listed.symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
  },
  "read the clock": async () => {
    expect(Math.abs((await client.time()).data.serverTime - Date.now())).toBeLessThan(60_000);
  },
  "read the book": async () => {
    const { bids, asks } = (await client.depth(symbol, { limit: 10 })).data;
    expect([bids.length, asks.length]).toEqual([10, 10]);
  },
  "read trades": async () => {
    await watching((streams) => streams.trade(symbol));
    const [trade] = (await client.trades(symbol)).data;
    expect(trade).toMatchObject({ id: expect.any(Number), price: expect.any(String), isBestMatch: true });
  },
  "read klines": async () => {
    await watching((streams) => streams.trade(symbol));
    const [kline] = (await client.klines(symbol, "1m")).data;
    expect(kline).toHaveLength(12);
  },
  "read tickers": async () => {
    expect((await client.ticker24hr(symbol)).data).toMatchObject({
      symbol,
      weightedAvgPrice: expect.any(String),
    });
  },
  "watch the book": async () => {
    const diffs = await watching((streams) => streams.diffBookDepth(symbol, "100ms"), 20);
    expect(gapsIn(diffs)).toEqual([]);
  },
  "watch trades": async () => {
    const [trade] = await watching((streams) => streams.trade(symbol));
    expect(trade).toMatchObject({ e: "trade", s: symbol });
  },
  "watch klines": async () => {
    const [kline] = await watching((streams) => streams.kline(symbol, "1m"));
    expect(kline).toMatchObject({ e: "kline", s: symbol, k: { i: "1m" } });
  },
  "watch the account": async () => {
    const { listenKey } = (await client.createListenKey()).data;
    const received = new Received<{ e: string; X?: string }>();
    const streams = await streamsOf(received, (own) => own.userData(listenKey));
    await sell();
    expect((await received.atLeast(3)).map(({ e, X }) => X ?? e)).toEqual([
      ...["NEW", "FILLED", "outboundAccountPosition"],
    ]);
    streams.disconnect();
  },
  "read the balance": async () => {
    const { balances } = (await client.account()).data;
    expect(balances).toContainEqual({ asset: "BTC", free: "100.00000000", locked: "0.00000000" });
  },
  "place a limit order": async () => {
    expect(await place()).toMatchObject({ symbol, status: "NEW", price: "40000.00000000", fills: [] });
  },
  "place a market order": async () => {
    expect(await sell()).toMatchObject({ status: "FILLED", executedQty: "0.00100000" });
  },
  "query an order": async () => {
    const { orderId } = await place();
    expect((await client.getOrder(symbol, { orderId })).data).toMatchObject({ orderId, status: "NEW" });
  },
  "list open orders": async () => {
    const { orderId } = await place();
    expect((await client.openOrders({ symbol })).data).toMatchObject([{ orderId }]);
  },
  "list all orders": async () => {
    const { orderId } = await sell();
    expect((await client.allOrders(symbol)).data).toMatchObject([{ orderId, status: "FILLED" }]);
  },
  "replace an order": async () => {
    const { orderId: cancelOrderId } = await place();
    const change = { ...LIMIT, price: 41_000, cancelOrderId };
    const { data } = await client.cancelAndReplace(symbol, "BUY", "LIMIT", "STOP_ON_FAILURE", change);
    expect(data).toMatchObject({ cancelResult: "SUCCESS", newOrderResponse: { price: "41000.00000000" } });
  },
  "cancel an order": async () => {
    const { orderId } = await place();
    expect((await client.cancelOrder(symbol, { orderId })).data).toMatchObject({ status: "CANCELED" });
  },
  "cancel all orders": async () => {
    await place();
    await place();
    expect((await client.cancelOpenOrders(symbol)).data).toHaveLength(2);
  },
  "read own trades": async () => {
    const { orderId } = await sell();
    expect((await client.myTrades(symbol)).data[0]).toMatchObject({ orderId, isBuyer: false });
  },
  "order over WebSocket": async () => {
    const received = new Received<{ status: number; result: { orderId: number; status: string } }>();
    const opened = new Received<void>();
    const { apiKey, apiSecret } = BINANCE_CREDENTIALS;
    const api = new WebsocketAPI(apiKey, apiSecret, {
      wsURL: `${stub.binance.ws}/ws-api/v3`,
      logger: QUIET,
      callbacks: { open: opened.add, message: (text) => received.add(JSON.parse(text)) },
    });
    await opened.atLeast(1);
    api.newOrder(symbol, "BUY", "LIMIT", LIMIT);
    const { result } = await received.first();
    expect(result.status).toBe("NEW");
    api.cancelOrder(symbol, { orderId: result.orderId });
    const [, canceled] = await received.atLeast(2);
    expect(canceled).toMatchObject({ status: 200, result: { status: "CANCELED" } });
    api.disconnect();
  },
  "hit the rate limit": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    expect(nameOf(await refusedAtLast(readBook(strict)))).toBe("AxiosError 429 -1003");
  },
  "ignore it and be banned": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const isBan = (error: unknown): boolean => nameOf(error) === "AxiosError 418 -1003";
    expect(messageOf(await bannedAtLast(readBook(strict), isBan))).toContain("IP banned until");
  },
});

/** Connects with the first subscription: the client puts it into the address. */
async function streamsOf<Frame>(
  received: Received<Frame>,
  subscribe: (streams: WebsocketStream) => void,
): Promise<WebsocketStream> {
  const opened = new Received<void>();
  const streams = new WebsocketStream({
    wsURL: stub.binance.ws,
    logger: QUIET,
    callbacks: { open: opened.add, message: (text) => received.add(JSON.parse(text)) },
  });
  subscribe(streams);
  await opened.atLeast(1);
  return streams;
}

async function watching(subscribe: (streams: WebsocketStream) => void, count = 1) {
  const received = new Received<{ U: number; u: number }>();
  const streams = await streamsOf(received, subscribe);
  const values = await received.atLeast(count);
  streams.disconnect();
  return values;
}

interface AxiosError extends Error {
  readonly response: { readonly status: number; readonly data: { code: number; msg: string } };
}

function nameOf(error: unknown): string {
  const { name, response } = error as AxiosError;
  return `${name} ${response.status} ${response.data.code}`;
}

function messageOf(error: unknown): string {
  return (error as AxiosError).response.data.msg;
}

describeRefusals({
  client: "binance-connector",
  stub: () => stub,
  nameOf,
  messageOf,
  context: (credentials) => {
    const own = clientOf(stub, credentials);
    return {
      place: ({ symbol: of, side, type, ...rest }) => own.newOrder(of, side, type, rest),
      replace: ({ symbol: of, side, type, cancelReplaceMode = "", ...rest }) =>
        own.cancelAndReplace(of, side, type, cancelReplaceMode, rest),
      query: (of, orderId) => own.getOrder(of, { orderId }),
      cancel: (of, orderId) => own.cancelOrder(of, { orderId }),
      readBook: (of) => own.depth(of),
      readAccount: () => own.account(),
    };
  },
});
