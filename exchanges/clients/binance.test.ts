import {
  DefaultLogger,
  MainClient,
  type NewSpotOrderParams,
  WebsocketAPIClient,
  WebsocketClient,
} from "binance";
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
const LIMIT: NewSpotOrderParams = {
  ...{ symbol, side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: 0.001, price: 40_000 },
};
const MARKET: NewSpotOrderParams = { symbol, side: "SELL", type: "MARKET", quantity: 0.001 };
/** It logs each connection to the console, unless it is given another logger. */
const QUIET = {
  ...DefaultLogger,
  ...{ trace: () => undefined, info: () => undefined, error: () => undefined },
};
let stub: ClientStub;
let client: MainClient;

const keysOf = ({ apiKey, apiSecret }: Credentials) => ({ api_key: apiKey, api_secret: apiSecret });

function clientOf(at: ClientStub, credentials: Credentials = BINANCE_CREDENTIALS): MainClient {
  return new MainClient({ ...keysOf(credentials), baseUrl: at.binance.rest });
}

function apiClientOf(at: ClientStub): WebsocketAPIClient {
  const options = { wsUrl: at.binance.ws, attachEventListeners: false };
  return new WebsocketAPIClient({ ...keysOf(BINANCE_CREDENTIALS), ...options }, QUIET);
}

beforeAll(async () => {
  stub = await startClientStub();
});
beforeEach(() => {
  stub.exchanges.reset();
  client = clientOf(stub);
});
afterAll(() => stub.exchanges.stop());

// It adds a client order id to the parameter object that it receives.
const place = () => client.submitNewOrder({ ...LIMIT });
const sell = () => client.submitNewOrder({ ...MARKET });
const readBook = (at: ClientStub) => {
  const own = clientOf(at);
  return () => own.getOrderBook({ symbol, limit: 5_000 });
};

describeDay("binance", {
  "load the markets": async () => {
    const { symbols } = await client.getExchangeInfo();
    expect(symbols.map((listed) => listed.symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
  },
  "read the book": async () => {
    const { bids, asks } = await client.getOrderBook({ symbol, limit: 10 });
    expect([bids.length, asks.length]).toEqual([10, 10]);
  },
  "read trades": async () => {
    await watching((own) => own.subscribeTrades(symbol, "spot"));
    const [trade] = await client.getRecentTrades({ symbol });
    expect(trade).toMatchObject({ id: expect.any(Number), price: expect.any(String) });
  },
  "read klines": async () => {
    await watching((own) => own.subscribeTrades(symbol, "spot"));
    const [kline] = await client.getKlines({ symbol, interval: "1m" });
    expect(kline).toHaveLength(12);
  },
  "read tickers": async () => {
    expect(await client.get24hrChangeStatistics({ symbol })).toMatchObject({ symbol });
  },
  "watch the book": async () => {
    const diffs = await watching((own) => own.subscribe("btcusdt@depth@100ms", "main"), 20);
    expect(gapsIn(diffs)).toEqual([]);
  },
  "watch trades": async () => {
    const [trade] = await watching((own) => own.subscribeTrades(symbol, "spot"));
    expect(trade).toMatchObject({ e: "trade", s: symbol, p: expect.any(String) });
  },
  "watch klines": async () => {
    const [kline] = await watching((own) => own.subscribeKlines(symbol, "1m", "spot"));
    expect(kline).toMatchObject({ e: "kline", s: symbol, k: { i: "1m" } });
  },
  "watch the account": async () => {
    const own = apiClientOf(stub);
    const received = new Received<Frame>();
    own.getWSClient().on("message", (message) => received.add(frameOf(message)));
    await own.subscribeUserDataStream("mainWSAPI");
    await sell();
    const kinds = (await received.atLeast(3)).map(({ e }) => e);
    expect(kinds).toEqual(["executionReport", "executionReport", "outboundAccountPosition"]);
    own.disconnectAll();
  },
  "read the balance": async () => {
    const { balances } = await client.getAccountInformation();
    expect(balances.find(({ asset }) => asset === "BTC")?.free).toBe("100.00000000");
  },
  "place a limit order": async () => {
    expect(await place()).toMatchObject({ symbol, status: "NEW", price: "40000.00000000" });
  },
  "place a market order": async () => {
    expect(await sell()).toMatchObject({ status: "FILLED", executedQty: "0.00100000" });
  },
  "query an order": async () => {
    const { orderId } = await place();
    expect(await client.getOrder({ symbol, orderId })).toMatchObject({ orderId, status: "NEW" });
  },
  "list open orders": async () => {
    const { orderId } = await place();
    expect(await client.getOpenOrders({ symbol })).toMatchObject([{ orderId }]);
  },
  "list all orders": async () => {
    const { orderId } = await sell();
    expect(await client.getAllOrders({ symbol })).toMatchObject([{ orderId, status: "FILLED" }]);
  },
  "replace an order": async () => {
    const { orderId: cancelOrderId } = await place();
    const change = { price: 41_000, cancelReplaceMode: "STOP_ON_FAILURE", cancelOrderId } as const;
    expect(await client.replaceOrder({ ...LIMIT, ...change } as never)).toMatchObject({
      cancelResult: "SUCCESS",
      newOrderResponse: { price: "41000.00000000" },
    });
  },
  "cancel an order": async () => {
    const { orderId } = await place();
    expect(await client.cancelOrder({ symbol, orderId })).toMatchObject({ orderId, status: "CANCELED" });
  },
  "cancel all orders": async () => {
    await place();
    await place();
    expect(await client.cancelAllSymbolOrders({ symbol })).toHaveLength(2);
  },
  "read own trades": async () => {
    const { orderId } = await sell();
    expect((await client.getAccountTradeList({ symbol }))[0]).toMatchObject({ orderId, isBuyer: false });
  },
  "order over WebSocket": async () => {
    const own = apiClientOf(stub);
    const { result } = await own.submitNewSpotOrder({ ...LIMIT, timestamp: Date.now() } as never);
    const { orderId } = result as { orderId: number };
    expect(result).toMatchObject({ symbol, orderId });
    const canceled = await own.cancelSpotOrder({ symbol, orderId, timestamp: Date.now() } as never);
    expect(canceled.result).toMatchObject({ status: "CANCELED" });
    own.disconnectAll();
  },
  "hit the rate limit": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const error = await refusedAtLast(readBook(strict));
    expect([nameOf(error), messageOf(error)]).toEqual([
      "{ code: -1003 }",
      expect.stringContaining("Too much request weight used"),
    ]);
  },
  "ignore it and be banned": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const isBan = (error: unknown): boolean => messageOf(error).startsWith("Way too much");
    expect(nameOf(await bannedAtLast(readBook(strict), isBan))).toBe("{ code: -1003 }");
  },
});

interface Frame {
  readonly e: string;
  readonly U: number;
  readonly u: number;
}

/** The content of a message, without the envelope of a combined stream or of the account's stream. */
function frameOf(message: unknown): Frame {
  const { data, event } = message as { data?: Frame; event?: Frame };
  return data ?? event ?? (message as Frame);
}

/** Listens until `count` frames have come, then disconnects. */
async function watching(subscribe: (own: WebsocketClient) => Promise<unknown>, count = 1) {
  const own = new WebsocketClient({ wsUrl: stub.binance.ws }, QUIET);
  const received = new Received<Frame>();
  own.on("message", (message) => {
    const frame = frameOf(message);
    if (frame.e !== undefined) received.add(frame);
  });
  await subscribe(own);
  const values = await received.atLeast(count);
  own.closeAll(true);
  return values;
}

interface ClientError {
  readonly code: number;
  readonly message: string;
}

function nameOf(error: unknown): string {
  return `{ code: ${(error as ClientError).code} }`;
}

function messageOf(error: unknown): string {
  return (error as ClientError).message;
}

describeRefusals({
  client: "binance",
  stub: () => stub,
  nameOf,
  messageOf,
  context: (credentials) => {
    const own = clientOf(stub, credentials);
    return {
      place: (parameters) => own.submitNewOrder(parameters as never),
      replace: (parameters) => own.replaceOrder(parameters as never),
      query: (of, orderId) => own.getOrder({ symbol: of, orderId }),
      cancel: (of, orderId) => own.cancelOrder({ symbol: of, orderId }),
      readBook: (of) => own.getOrderBook({ symbol: of }),
      readAccount: () => own.getAccountInformation(),
    };
  },
});
