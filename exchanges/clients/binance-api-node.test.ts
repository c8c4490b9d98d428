import { createRequire } from "node:module";
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

// Node's import of this CommonJS package nests its default export once more.
const { default: createClient }: typeof import("binance-api-node") = createRequire(import.meta.url)(
  "binance-api-node",
);
type Client = ReturnType<typeof createClient>;
type OrderPayload = Parameters<Client["order"]>[0];

const symbol = "BTCUSDT";
const LIMIT = { symbol, side: "BUY", type: "LIMIT", quantity: "0.001", price: "40000" } as OrderPayload;
const MARKET = { symbol, side: "SELL", type: "MARKET", quantity: "0.001" } as OrderPayload;
let stub: ClientStub;
let client: Client;

function clientOf(at: ClientStub, { apiKey, apiSecret }: Credentials = BINANCE_CREDENTIALS): Client {
  const options = { apiKey, apiSecret, httpBase: at.binance.rest };
  return createClient({ ...options, wsBase: `${at.binance.ws}/ws`, wsApi: `${at.binance.ws}/ws-api/v3` });
}

beforeAll(async () => {
  stub = await startClientStub();
});
beforeEach(() => {
  stub.exchanges.reset();
  client = clientOf(stub);
});
afterAll(() => stub.exchanges.stop());

const place = (order: OrderPayload = LIMIT) => client.order(order);
const readBook = (at: ClientStub) => {
  const own = clientOf(at);
  return () => own.book({ symbol, limit: 5_000 });
};

describeDay("binance-api-node", {
  "load the markets": async () => {
    const { symbols } = await client.exchangeInfo();
    expect(symbols.map((listed: { symbol: string }) => listed.symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
  },
  "read the clock": async () => {
    expect(Math.abs(Number(await client.time()) - Date.now())).toBeLessThan(60_000);
  },
  "read the book": async () => {
    const { bids, asks } = await client.book({ symbol, limit: 10 });
    expect([bids.length, asks.length]).toEqual([10, 10]);
    // Its types declare pairs, but it returns objects.
    expect(bids[0]).toEqual({ price: expect.any(String), quantity: expect.any(String) });
  },
  "read trades": async () => {
    await watching((hear) => client.ws.trades(symbol, hear));
    const [trade] = await client.trades({ symbol });
    expect(trade).toMatchObject({ id: expect.any(Number), price: expect.any(String) });
  },
  "read klines": async () => {
    await watching((hear) => client.ws.trades(symbol, hear));
    const [candle] = await client.candles({ symbol, interval: "1m" as never });
    expect(candle).toMatchObject({ openTime: expect.any(Number), close: expect.any(String) });
  },
  "read tickers": async () => {
    expect(await client.dailyStats({ symbol })).toMatchObject({ symbol, bidPrice: expect.any(String) });
  },
  "watch the book": async () => {
    const diffs = await watching<DepthIds>((hear) => client.ws.depth(`${symbol}@100ms`, hear as never), 20);
    expect(gapsIn(diffs.map(({ firstUpdateId: U, finalUpdateId: u }) => ({ U, u })))).toEqual([]);
  },
  "watch trades": async () => {
    const [trade] = await watching((hear) => client.ws.trades(symbol, hear));
    expect(trade).toMatchObject({ eventType: "trade", symbol, quantity: expect.any(String) });
  },
  "watch klines": async () => {
    const [candle] = await watching((hear) => client.ws.candles(symbol, "1m", hear));
    expect(candle).toMatchObject({ eventType: "kline", symbol, interval: "1m" });
  },
  "watch the account": async () => {
    const received = new Received<{ eventType?: string }>();
    const disconnect = await client.ws.user(received.add);
    const { orderId } = await place(MARKET);
    expect((await received.atLeast(3)).map(({ eventType }) => eventType)).toEqual([
      ...["executionReport", "executionReport", "outboundAccountPosition"],
    ]);
    expect(received.values[1]).toMatchObject({ orderId, executionType: "TRADE", orderStatus: "FILLED" });
    disconnect();
  },
  "read the balance": async () => {
    const { balances } = await client.accountInfo();
    expect(balances.find(({ asset }) => asset === "BTC")?.free).toBe("100.00000000");
  },
  "place a limit order": async () => {
    expect(await place()).toMatchObject({ symbol, status: "NEW", price: "40000.00000000", fills: [] });
  },
  "place a market order": async () => {
    expect(await place(MARKET)).toMatchObject({ status: "FILLED", executedQty: "0.00100000" });
  },
  "query an order": async () => {
    const { orderId } = await place();
    expect(await client.getOrder({ symbol, orderId })).toMatchObject({ orderId, status: "NEW" });
  },
  "list open orders": async () => {
    const { orderId } = await place();
    expect(await client.openOrders({ symbol })).toMatchObject([{ orderId }]);
  },
  "list all orders": async () => {
    const { orderId } = await place(MARKET);
    expect(await client.allOrders({ symbol })).toMatchObject([{ orderId, status: "FILLED" }]);
  },
  "replace an order": async () => {
    const { orderId: cancelOrderId } = await place();
    const replaced = await client.updateOrder({ ...LIMIT, price: "41000", cancelOrderId } as never);
    expect(replaced).toMatchObject({
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
    expect(await client.cancelOpenOrders({ symbol })).toHaveLength(2);
  },
  "read own trades": async () => {
    const { orderId } = await place(MARKET);
    expect((await client.myTrades({ symbol }))[0]).toMatchObject({ orderId, isBuyer: false });
  },
  "hit the rate limit": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const error = await refusedAtLast(readBook(strict));
    expect([nameOf(error), messageOf(error)]).toEqual([
      "Error -1003",
      expect.stringContaining("Too much request weight used"),
    ]);
  },
  "ignore it and be banned": async () => {
    await using strict = await startClientStub({ rateLimits: "enforced", tapeStart: "paused" });
    const isBan = (error: unknown): boolean => messageOf(error).startsWith("Way too much");
    expect(nameOf(await bannedAtLast(readBook(strict), isBan))).toBe("Error -1003");
  },
});

interface DepthIds {
  readonly firstUpdateId: number;
  readonly finalUpdateId: number;
}

/** Listens until `count` frames have come, then disconnects. */
async function watching<Frame>(listen: (hear: (frame: Frame) => void) => () => void, count = 1) {
  const received = new Received<Frame>();
  const hangUp = listen(received.add);
  const values = await received.atLeast(count);
  hangUp();
  return values;
}

function nameOf(error: unknown): string {
  const { name, code } = error as Error & { code: number };
  return `${name} ${code}`;
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}

describeRefusals({
  client: "binance-api-node",
  stub: () => stub,
  nameOf,
  messageOf,
  context: (credentials) => {
    const own = clientOf(stub, credentials);
    return {
      place: (parameters) => own.order(parameters as never),
      replace: (parameters) => own.updateOrder(parameters as never),
      query: (of, orderId) => own.getOrder({ symbol: of, orderId }),
      cancel: (of, orderId) => own.cancelOrder({ symbol: of, orderId }),
      readBook: (of) => own.book({ symbol: of }),
      readAccount: () => own.accountInfo(),
    };
  },
});
