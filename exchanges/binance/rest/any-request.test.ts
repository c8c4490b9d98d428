import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../core/index.ts";
import { Market } from "../../market/market.ts";
import { makeSyntheticTape } from "../../market/tape/synthetic-tape.ts";
import { BinanceVenue } from "../binance-venue.ts";
import { signBinance } from "./authentication.ts";
import { ENDPOINTS } from "./endpoints.ts";

const CREDENTIALS = { apiKey: "key", apiSecret: "secret" };
let market: Market;
let venue: BinanceVenue;

beforeAll(async () => {
  const onError = (cause: unknown): never => {
    throw cause;
  };
  const tape = makeSyntheticTape(1);
  market = new Market({
    tape,
    tapeSpeed: 1,
    tapeTime: "recorded",
    start: "paused",
    clock: systemClock,
    onError,
  });
  venue = new BinanceVenue({
    ...{ market, seed: 1, clock: systemClock, credentials: CREDENTIALS },
    ...{ rateLimits: "counted", listenKeys: "served", connectionLifeMs: 1_000 },
  });
  await market.ready;
});
afterAll(() => market.stop());

const value = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    "BTCUSDT",
    "ETHUSDT",
    "BUY",
    "SELL",
    "LIMIT",
    "MARKET",
    "STOP_LOSS_LIMIT",
    "LIMIT_MAKER",
    "GTC",
  ),
  fc.constantFrom("IOC", "true", "1m", "1M", "MINI", "FULL", '["BTCUSDT"]', "constructor", "-1", "0", "null"),
  fc.constantFrom("61000", "0.001", "0.00000001", "99999999999999999999", "STOP_ON_FAILURE", "ALLOW_FAILURE"),
);
const name = fc.constantFrom(
  ...["symbol", "symbols", "side", "type", "timeInForce", "quantity", "quoteOrderQty", "price", "stopPrice"],
  ...["icebergQty", "newClientOrderId", "selfTradePreventionMode", "newOrderRespType", "limit", "interval"],
  ...[
    "startTime",
    "endTime",
    "fromId",
    "orderId",
    "origClientOrderId",
    "timeZone",
    "windowSize",
    "permissions",
  ],
  ...[
    "cancelReplaceMode",
    "cancelOrderId",
    "cancelRestrictions",
    "listenKey",
    "asset",
    "amount",
    "recvWindow",
  ],
);
const parameters = fc.dictionary(name, value, { maxKeys: 10 });
const anything = fc.tuple(fc.constantFrom(...ENDPOINTS.keys()), parameters);

// Orders that can trade: near the book's mid, 61837.63.
const price = fc.constantFrom("61000", "61830", "61837.63", "61837.64", "61845", "62500");
const common = {
  symbol: fc.constant("BTCUSDT"),
  side: fc.constantFrom("BUY", "SELL"),
  quantity: fc.constantFrom("0.001", "0.5", "3"),
  selfTradePreventionMode: fc.constantFrom(
    "NONE",
    "EXPIRE_TAKER",
    "EXPIRE_MAKER",
    "EXPIRE_BOTH",
    "DECREMENT",
  ),
};
const timeInForce = fc.constantFrom("GTC", "IOC", "FOK");
const order = fc.oneof(
  fc.record({ ...common, type: fc.constant("LIMIT"), price, timeInForce }),
  fc.record({ ...common, type: fc.constant("LIMIT_MAKER"), price }),
  fc.record({ ...common, type: fc.constant("MARKET") }),
  fc.record({
    ...common,
    type: fc.constantFrom("STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"),
    price,
    stopPrice: price,
    timeInForce,
  }),
  fc.record({ ...common, type: fc.constantFrom("TAKE_PROFIT", "STOP_LOSS"), stopPrice: price }),
);
const sound = fc.oneof(
  fc.tuple(fc.constant("POST /api/v3/order"), order),
  fc.tuple(fc.constant("POST /api/v3/order"), order),
  fc.tuple(fc.constant("DELETE /api/v3/openOrders"), fc.constant({ symbol: "BTCUSDT" })),
);
const request: fc.Arbitrary<[string, Record<string, string>]> = fc.oneof(anything, sound);

describe("any request", () => {
  it("is answered, or refused with one of the venue's codes and a message", async () => {
    await fc.assert(
      fc.asyncProperty(request, async ([endpoint, fields]) => {
        const [method = "", path = ""] = endpoint.split(" ");
        const plain = new URLSearchParams({ ...fields, timestamp: String(Date.now()) }).toString();
        const query = `${plain}&signature=${signBinance(plain, CREDENTIALS.apiSecret)}`;
        const reply = await venue.answer({
          method,
          path,
          query,
          body: "",
          headers: { "x-mbx-apikey": "key" },
        });
        if (reply.kind !== "answer") throw new Error("cut");
        const body = JSON.parse(reply.body);
        if (reply.status === 200) expect(body.code).toBeUndefined();
        else expect(body).toMatchObject({ code: expect.any(Number), msg: expect.any(String) });
        expect([200, 400, 401, 409]).toContain(reply.status);
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves no balance below zero, and exactly the open orders' reserves locked", () => {
    const { ledger, trades, openOrders } = venue.engine;
    for (const { free, locked } of ledger.balances) expect(free >= 0n && locked >= 0n).toBe(true);
    expect(trades.length).toBeGreaterThan(10);
    const locked = openOrders.reduce((sum, order) => sum + order.locked, 0n);
    expect(ledger.balances.reduce((sum, balance) => sum + balance.locked, 0n)).toBe(locked);
  });
});
