import { Spot, SpotRestAPI, SpotWebsocketStreams } from "@binance/spot";
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

const { UPDATE_SPEED_100ms: EVERY_100_MS } = SpotWebsocketStreams.DiffBookDepthUpdateSpeedEnum;
const { INTERVAL_1m: A_MINUTE } = SpotWebsocketStreams.KlineIntervalEnum;
const symbol = "BTCUSDT";
type NewOrder = SpotRestAPI.NewOrderRequest;
const LIMIT = {
  ...{ symbol, side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: 0.001, price: 40_000 },
} as NewOrder;
const MARKET = { symbol, side: "SELL", type: "MARKET", quantity: 0.001 } as NewOrder;
let stub: ClientStub;
let client: Spot;

function clientOf(at: ClientStub, { apiKey, apiSecret }: Credentials = BINANCE_CREDENTIALS): Spot {
  const keys = { apiKey, apiSecret };
  return new Spot({
    configurationRestAPI: { ...keys, basePath: at.binance.rest },
    configurationWebsocketAPI: { ...keys, wsURL: `${at.binance.ws}/ws-api/v3` },
    configurationWebsocketStreams: { wsURL: at.binance.ws },
  });
}

beforeAll(async () => {
  stub = await startClientStub();
});
beforeEach(() => {
  stub.exchanges.reset();
  client = clientOf(stub);
});
afterAll(() => stub.exchanges.stop());

const dataOf = async <Data>(reply: Promise<{ data(): Promise<Data> }>): Promise<Data> => (await reply).data();
const place = (order: NewOrder = LIMIT) => dataOf(client.restAPI.newOrder(order));
const idOf = ({ orderId }: { orderId?: number | bigint }): number => Number(orderId);
const readBook = (at: ClientStub) => {
  const { restAPI } = clientOf(at);
  return () => restAPI.depth({ symbol, limit: 5_000 });
};

describeDay("binance-spot", {
  "load the markets": async () => {
    const { symbols = [] } = await dataOf(client.restAPI.exchangeInfo());
    expect(symbols.map((listed) => listed.symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
    expect(symbols[0]).toMatchObject({ status: "TRADING", baseAsset: "BTC", quoteAsset: "USDT" });
  },
  "read the clock": async () => {
    const { serverTime } = await dataOf(client.restAPI.time());
    expect(Math.abs(Number(serverTime) - Date.now())).toBeLessThan(60_000);
  },
  "read the book": async () => {
    const { bids = [], asks = [] } = await dataOf(client.restAPI.depth({ symbol, limit: 10 }));
    expect([bids.length, asks.length]).toEqual([10, 10]);
    expect(Number(bids[0]?.[0])).toBeLessThan(Number(asks[0]?.[0]));
  },
  "read trades": async () => {
    await watching((streams) => streams.trade({ symbol }));
    const trades = await dataOf(client.restAPI.getTrades({ symbol }));
    expect(Number(trades.at(-1)?.price)).toBeGreaterThan(0);
  },
  "read klines": async () => {
    await watching((streams) => streams.trade({ symbol }));
    const klines = await dataOf(
      client.restAPI.klines({ symbol, interval: SpotRestAPI.KlinesIntervalEnum.INTERVAL_1m }),
    );
    expect(klines[0]).toHaveLength(12);
  },
  "read tickers": async () => {
    const tickers = await dataOf(client.restAPI.ticker24hr({ symbol }));
    expect(tickers).toMatchObject({ symbol, priceChangePercent: expect.stringMatching(/^-?\d+\.\d{3}$/) });
  },
  "watch the book": async () => {
    const diffs = await watching(
      (streams) => streams.diffBookDepth({ symbol, updateSpeed: EVERY_100_MS }),
      20,
    );
    expect(gapsIn(diffs.map(({ U, u }) => ({ U: Number(U), u: Number(u) })))).toEqual([]);
  },
  "watch trades": async () => {
    const [trade] = await watching((streams) => streams.trade({ symbol }));
    expect(trade).toMatchObject({ e: "trade", s: symbol, p: expect.any(String), m: expect.any(Boolean) });
  },
  "watch klines": async () => {
    const [kline] = await watching((streams) => streams.kline({ symbol, interval: A_MINUTE }));
    expect(kline).toMatchObject({ e: "kline", s: symbol, k: { i: "1m", x: expect.any(Boolean) } });
  },
  "watch the account": async () => {
    const connection = await client.websocketAPI.connect();
    const received = new Received<unknown>();
    const { stream } = await connection.userDataStreamSubscribeSignature();
    stream.on("message", received.add);
    const { orderId } = await place(MARKET);
    const kinds = (await received.atLeast(3)).map((event) => (event as { e: string }).e);
    expect(kinds).toEqual(["executionReport", "executionReport", "outboundAccountPosition"]);
    expect(received.values[1]).toMatchObject({ i: orderId, x: "TRADE", X: "FILLED" });
    await connection.disconnect();
  },
  "read the balance": async () => {
    const { balances = [] } = await dataOf(client.restAPI.getAccount({ omitZeroBalances: true }));
    expect(balances.find(({ asset }) => asset === "BTC")?.free).toBe("100.00000000");
  },
  "place a limit order": async () => {
    expect(await place()).toMatchObject({ symbol, status: "NEW", price: "40000.00000000", fills: [] });
  },
  "place a market order": async () => {
    const { status, fills = [] } = await place(MARKET);
    expect(status).toBe("FILLED");
    expect(fills.length).toBeGreaterThan(0);
  },
  "query an order": async () => {
    const orderId = idOf(await place());
    expect(await dataOf(client.restAPI.getOrder({ symbol, orderId }))).toMatchObject({
      orderId,
      status: "NEW",
    });
  },
  "list open orders": async () => {
    const orderId = idOf(await place());
    expect((await dataOf(client.restAPI.getOpenOrders({ symbol }))).map(idOf)).toEqual([orderId]);
  },
  "list all orders": async () => {
    const orderId = idOf(await place(MARKET));
    expect((await dataOf(client.restAPI.allOrders({ symbol }))).map(idOf)).toEqual([orderId]);
  },
  "replace an order": async () => {
    const cancelOrderId = idOf(await place());
    const replacement = { ...LIMIT, price: 41_000, cancelReplaceMode: "STOP_ON_FAILURE", cancelOrderId };
    const replaced = await dataOf(client.restAPI.orderCancelReplace(replacement as never));
    expect(replaced).toMatchObject({
      cancelResult: "SUCCESS",
      newOrderResponse: { price: "41000.00000000" },
    });
  },
  "cancel an order": async () => {
    const orderId = idOf(await place());
    const canceled = await dataOf(client.restAPI.deleteOrder({ symbol, orderId }));
    expect(canceled).toMatchObject({ orderId, status: "CANCELED" });
  },
  "cancel all orders": async () => {
    await place();
    await place();
    expect(await dataOf(client.restAPI.deleteOpenOrders({ symbol }))).toHaveLength(2);
  },
  "read own trades": async () => {
    const orderId = idOf(await place(MARKET));
    const [trade] = await dataOf(client.restAPI.myTrades({ symbol }));
    expect(trade).toMatchObject({ orderId, isBuyer: false, commissionAsset: "USDT" });
  },
  "order over WebSocket": async () => {
    const connection = await client.websocketAPI.connect();
    const placed = await connection.orderPlace(LIMIT as never);
    const orderId = Number(placed.data.orderId);
    expect(placed.data).toMatchObject({ symbol, status: "NEW" });
    expect((await connection.orderCancel({ symbol, orderId })).data).toMatchObject({ status: "CANCELED" });
    await connection.disconnect();
  },
  "hit the rate limit": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    expect(nameOf(await refusedAtLast(readBook(strict)))).toBe("TooManyRequestsError -1003");
  },
  "ignore it and be banned": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const isBan = (error: unknown): boolean => nameOf(error).startsWith("RateLimitBanError");
    expect(messageOf(await bannedAtLast(readBook(strict), isBan))).toContain("IP banned until");
  },
});

type Streams = Awaited<ReturnType<Spot["websocketStreams"]["connect"]>>;
type StreamOf<Data> = { on(event: "message", hear: (data: Data) => void): void };

/** Listens to a stream until `count` frames have come, then disconnects. */
async function watching<Data>(open: (streams: Streams) => StreamOf<Data>, count = 1) {
  const connection = await client.websocketStreams.connect();
  const received = new Received<Data>();
  open(connection).on("message", received.add);
  const values = await received.atLeast(count);
  await connection.disconnect();
  return values;
}

function nameOf(error: unknown): string {
  const { name, code, statusCode } = error as Error & { code?: number; statusCode?: number };
  return `${name} ${code ?? statusCode}`;
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}

describeRefusals({
  client: "binance-spot",
  stub: () => stub,
  nameOf,
  messageOf,
  context: (credentials) => {
    const { restAPI } = clientOf(stub, credentials);
    return {
      place: (parameters) => restAPI.newOrder(parameters as never),
      replace: (parameters) => restAPI.orderCancelReplace(parameters as never),
      query: (of, orderId) => restAPI.getOrder({ symbol: of, orderId }),
      cancel: (of, orderId) => restAPI.deleteOrder({ symbol: of, orderId }),
      readBook: (of) => restAPI.depth({ symbol: of }),
      readAccount: () => restAPI.getAccount(),
    };
  },
});
