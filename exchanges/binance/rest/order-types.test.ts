import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningExchanges } from "../../start-exchanges.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";
import { ControlTestClient } from "../../testing/control-client.ts";
import { startOnHandTape } from "../../testing/hand-tape.ts";

let exchanges: RunningExchanges;
let client: BinanceTestClient;
let control: ControlTestClient;

// The book is 50000 bid, 50001 asked, until the tape starts; then it trades at 51000.
beforeAll(async () => {
  exchanges = await startOnHandTape([{ atSeconds: 1, trade: ["51000.00", "0.00001"] }], {
    tapeStart: "paused",
  });
  client = new BinanceTestClient(exchanges);
  control = new ControlTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

type Fields = Record<string, string>;
const place = (fields: Fields) =>
  client.signed("POST", "/api/v3/order", { symbol: "BTCUSDT", side: "SELL", quantity: "0.1", ...fields });
const find = async (orderId: number) =>
  (await client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT", orderId })).body;
const resume = () => control.send("POST", "/resume");
const LIMIT = { type: "LIMIT", timeInForce: "GTC" };

describe("an order with a stop price", () => {
  it.each<[string, Fields, Fields]>([
    ["STOP_LOSS_LIMIT", { side: "BUY", stopPrice: "50900", price: "52000", timeInForce: "GTC" }, {}],
    ["STOP_LOSS", { side: "BUY", stopPrice: "50900" }, { timeInForce: "GTC", price: "0.00000000" }],
    ["TAKE_PROFIT_LIMIT", { side: "SELL", stopPrice: "50900", price: "49000", timeInForce: "GTC" }, {}],
    ["TAKE_PROFIT", { side: "SELL", stopPrice: "50900" }, { timeInForce: "GTC", price: "0.00000000" }],
  ])(
    "%s waits, is acknowledged without fills, and trades once the price is reached",
    async (type, fields, fieldsShown) => {
      const { body: acknowledged } = await place({ type, ...fields });
      expect(Object.keys(acknowledged)).toEqual([
        ...["symbol", "orderId", "orderListId", "clientOrderId", "transactTime"],
      ]);
      expect(await find(acknowledged.orderId)).toMatchObject({
        ...{
          type,
          status: "NEW",
          isWorking: false,
          workingTime: -1,
          stopPrice: "50900.00000000",
          ...fieldsShown,
        },
      });
      await resume();
      await expect.poll(async () => (await find(acknowledged.orderId)).status).toBe("FILLED");
      expect(await find(acknowledged.orderId)).toMatchObject({ isWorking: true, executedQty: "0.10000000" });
    },
  );

  it("is refused when the price is already reached", async () => {
    const { status, body } = await place({ type: "STOP_LOSS", stopPrice: "50002" });
    expect({ status, ...body }).toEqual({
      status: 400,
      code: -2010,
      msg: "Order would trigger immediately.",
    });
  });

  it.each<[string, Fields, number, string]>([
    [
      "without it",
      { type: "STOP_LOSS" },
      -1102,
      "Mandatory parameter 'stopPrice' was not sent, was empty/null, or malformed.",
    ],
    ["off the tick", { type: "STOP_LOSS", stopPrice: "49000.001" }, -1013, "Filter failure: PRICE_FILTER"],
    [
      "at another type",
      { ...LIMIT, price: "51000", stopPrice: "1" },
      -1106,
      "Parameter 'stopPrice' sent when not required.",
    ],
    [
      "with a trailing delta",
      { type: "STOP_LOSS", trailingDelta: "100" },
      -2010,
      "Trailing stop orders are not supported for this symbol.",
    ],
    [
      "by a sum of the quote asset",
      { type: "STOP_LOSS", stopPrice: "49000", quoteOrderQty: "100" },
      -1106,
      "Parameter 'quoteOrderQty' sent when not required.",
    ],
  ])("is refused %s", async (_, fields, code, msg) => {
    expect((await place(fields)).body).toEqual({ code, msg });
  });

  it("is one of at most five that wait", async () => {
    for (let count = 0; count < 5; count++) {
      expect((await place({ type: "STOP_LOSS", stopPrice: "49000" })).status).toBe(200);
    }
    expect((await place({ type: "STOP_LOSS", stopPrice: "49000" })).body.msg).toBe(
      "Filter failure: MAX_NUM_ALGO_ORDERS",
    );
    expect((await place({ ...LIMIT, price: "51000" })).status).toBe(200);
  });
});

describe("an iceberg", () => {
  it("returns its visible quantity", async () => {
    const { body } = await place({ ...LIMIT, price: "50500", icebergQty: "0.02" });
    expect(body).toMatchObject({ status: "NEW", icebergQty: "0.02000000" });
    expect(await find(body.orderId)).toMatchObject({ icebergQty: "0.02000000", origQty: "0.10000000" });
  });

  it.each<[string, Fields, number, string]>([
    ["more than a hundred tips", { ...LIMIT, icebergQty: "0.0009" }, -1013, "Filter failure: ICEBERG_PARTS"],
    ["a tip above the whole", { ...LIMIT, icebergQty: "0.2" }, -2010, "IcebergQty exceeds QTY."],
    ["a tip off the step", { ...LIMIT, icebergQty: "0.050001" }, -1013, "Filter failure: LOT_SIZE"],
    [
      "another time in force",
      { type: "LIMIT", timeInForce: "IOC", icebergQty: "0.05" },
      -1106,
      "Parameter 'icebergQty' sent when not required.",
    ],
  ])("is refused with %s", async (_, fields, code, msg) => {
    expect((await place({ price: "50500", ...fields })).body).toEqual({ code, msg });
  });
});

describe("self-trade prevention", () => {
  it("reports the prevented orders in the answer, in the order and in a separate list", async () => {
    const maker = (await place({ ...LIMIT, price: "50000.50" })).body;
    const taker = (
      await place({ ...LIMIT, side: "BUY", price: "50000.50", selfTradePreventionMode: "EXPIRE_BOTH" })
    ).body;
    expect(taker).toMatchObject({
      ...{
        status: "EXPIRED_IN_MATCH",
        preventedQuantity: "0.10000000",
        selfTradePreventionMode: "EXPIRE_BOTH",
      },
      preventedMatches: [
        {
          ...{ preventedMatchId: 0, makerOrderId: maker.orderId, price: "50000.50000000" },
          ...{ takerPreventedQuantity: "0.10000000", makerPreventedQuantity: "0.10000000" },
        },
      ],
    });
    expect(await find(maker.orderId)).toMatchObject({ status: "EXPIRED_IN_MATCH", preventedMatchId: 0 });
    const query = { symbol: "BTCUSDT", orderId: taker.orderId };
    const { body: matches } = await client.signed("GET", "/api/v3/myPreventedMatches", query);
    expect(matches).toMatchObject([
      { takerOrderId: taker.orderId, makerOrderId: maker.orderId, tradeGroupId: -1 },
    ]);
  });

  it("has only the modes that exchangeInfo lists", async () => {
    const { body } = await place({ ...LIMIT, price: "50500", selfTradePreventionMode: "TRANSFER" });
    expect(body).toEqual({
      code: -1013,
      msg: "This symbol does not allow the specified self-trade prevention mode.",
    });
  });
});

describe("orders are limited", () => {
  it("to 200 open ones per symbol", async () => {
    for (let count = 0; count < 200; count++) {
      expect((await place({ ...LIMIT, price: "60000", quantity: "0.001" })).status).toBe(200);
    }
    const { body } = await place({ ...LIMIT, price: "60000", quantity: "0.001" });
    expect(body).toEqual({ code: -1013, msg: "Filter failure: MAX_NUM_ORDERS" });
  });

  it("to the largest market quantity", async () => {
    const { body } = await place({ type: "MARKET", quantity: "119.4" });
    expect(body).toEqual({ code: -1013, msg: "Filter failure: MARKET_LOT_SIZE" });
  });

  it("to valid words, whatever an object inherits", async () => {
    expect((await place({ type: "constructor" })).body.code).toBe(-1116);
    expect((await place({ ...LIMIT, side: "constructor", price: "60000" })).body.code).toBe(-1117);
    expect((await place({ type: "LIMIT", timeInForce: "valueOf", price: "60000" })).body.code).toBe(-1115);
  });
});

describe("a test order", () => {
  const test = (fields: Fields) =>
    client.signed("POST", "/api/v3/order/test", {
      symbol: "BTCUSDT",
      side: "SELL",
      quantity: "0.1",
      ...fields,
    });

  it("is checked and answered with an empty object, or with its commission", async () => {
    expect((await test({ type: "MARKET" })).body).toEqual({});
    const { body } = await test({ type: "MARKET", computeCommissionRates: "true" });
    expect(body.standardCommissionForOrder).toEqual({ maker: "0.00100000", taker: "0.00100000" });
    expect((await test({ type: "MARKET", quantity: "0" })).body.code).toBe(-1013);
    expect((await client.signed("GET", "/api/v3/allOrders", { symbol: "BTCUSDT" })).body).toEqual([]);
  });
});

describe("canceling", () => {
  it("cancels all open orders of a symbol, or reports that there is none", async () => {
    await place({ ...LIMIT, price: "60000" });
    await place({ type: "STOP_LOSS", stopPrice: "49000" });
    const cancel = () => client.signed("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
    const { body } = await cancel();
    expect(body.map(({ status }: { status: string }) => status)).toEqual(["CANCELED", "CANCELED"]);
    expect((await cancel()).body).toEqual({ code: -2011, msg: "Unknown order sent." });
  });

  it("can be restricted to orders that have not traded, or that have", async () => {
    const { body } = await place({ ...LIMIT, price: "50000", quantity: "1.5" });
    expect(body.status).toBe("PARTIALLY_FILLED");
    const cancel = async (cancelRestrictions: string) => {
      const query = { symbol: "BTCUSDT", orderId: body.orderId, cancelRestrictions };
      return (await client.signed("DELETE", "/api/v3/order", query)).body;
    };
    expect(await cancel("ONLY_NEW")).toEqual({
      code: -2011,
      msg: "Order was not canceled due to cancel restrictions.",
    });
    expect((await cancel("SOMETIMES")).code).toBe(-1145);
    expect((await cancel("ONLY_PARTIALLY_FILLED")).status).toBe("CANCELED");
  });
});
