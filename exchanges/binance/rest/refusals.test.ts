import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../../start-exchanges.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";

let exchanges: RunningExchanges;
let client: BinanceTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 11 });
  client = new BinanceTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const ORDER = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  price: "30000",
  quantity: "0.001",
};
const without = (...names: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(ORDER).filter(([name]) => !names.includes(name)));
const DECIMAL = "^([0-9]{1,20})(\\.[0-9]{1,20})?$";
const mandatory = (name: string): string =>
  `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;

describe("an order is refused with the venue's own code and message", () => {
  it.each<[string, Record<string, string>, number, string]>([
    ["no symbol", without("symbol"), -1102, mandatory("symbol")],
    ["no side", without("side"), -1102, mandatory("side")],
    ["no type", without("type"), -1102, mandatory("type")],
    ["no timeInForce", without("timeInForce"), -1102, mandatory("timeInForce")],
    ["no price", without("price"), -1102, mandatory("price")],
    ["an empty quantity", { ...ORDER, quantity: "" }, -1102, mandatory("quantity")],
    [
      "a market order without quantities",
      { symbol: "BTCUSDT", side: "BUY", type: "MARKET" },
      -1102,
      "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!",
    ],
    ["an unknown symbol", { ...ORDER, symbol: "NOPEUSDT" }, -1121, "Invalid symbol."],
    [
      "a symbol of another alphabet",
      { ...ORDER, symbol: "币安USDT" },
      -1100,
      "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
    ],
    ["an unknown side", { ...ORDER, side: "HOLD" }, -1117, "Invalid side."],
    ["an unknown type", { ...ORDER, type: "STOP" }, -1116, "Invalid orderType."],
    ["an unknown timeInForce", { ...ORDER, timeInForce: "GTX" }, -1115, "Invalid timeInForce."],
    [
      "a price that is no number",
      { ...ORDER, price: "1e5" },
      -1100,
      `Illegal characters found in parameter 'price'; legal range is '${DECIMAL}'.`,
    ],
    [
      "a client order id that is too long",
      { ...ORDER, newClientOrderId: "x".repeat(37) },
      -1100,
      "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
    ],
    [
      "nine decimals",
      { ...ORDER, quantity: "0.000000001" },
      -1111,
      "Parameter 'quantity' has too much precision.",
    ],
    ["a price off the tick", { ...ORDER, price: "30000.001" }, -1013, "Filter failure: PRICE_FILTER"],
    ["a price above the maximum", { ...ORDER, price: "1000001" }, -1013, "Filter failure: PRICE_FILTER"],
    [
      "a price far from the market",
      { ...ORDER, price: "1000" },
      -1013,
      "Filter failure: PERCENT_PRICE_BY_SIDE",
    ],
    ["a quantity off the step", { ...ORDER, quantity: "0.000015" }, -1013, "Filter failure: LOT_SIZE"],
    ["a quantity of nothing", { ...ORDER, quantity: "0" }, -1013, "Invalid quantity."],
    ["a worth below the minimum", { ...ORDER, quantity: "0.00010" }, -1013, "Filter failure: NOTIONAL"],
    [
      "a market order with a price",
      { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "1", price: "1" },
      -1106,
      "Parameter 'price' sent when not required.",
    ],
    [
      "more than the account has",
      { ...ORDER, quantity: "100", price: "40000" },
      -2010,
      "Account has insufficient balance for requested action.",
    ],
    [
      "a LIMIT_MAKER that would take",
      { symbol: "BTCUSDT", side: "BUY", type: "LIMIT_MAKER", price: "90000", quantity: "0.001" },
      -2010,
      "Order would immediately match and take.",
    ],
  ])("%s", async (_, parameters, code, msg) => {
    const { status, body } = await client.signed("POST", "/api/v3/order", parameters);
    expect({ status, ...body }).toEqual({ status: 400, code, msg });
  });

  it("the client order id of an open order", async () => {
    await client.order({ newClientOrderId: "twice" });
    const { status, body } = await client.order({ newClientOrderId: "twice" });
    expect({ status, ...body }).toEqual({ status: 400, code: -2010, msg: "Duplicate order sent." });
  });

  it("an order that does not exist, or is no longer open", async () => {
    const unknown = { symbol: "BTCUSDT", orderId: 1 };
    expect((await client.signed("GET", "/api/v3/order", unknown)).body).toEqual({
      code: -2013,
      msg: "Order does not exist.",
    });
    const filled = await client.order({ type: "MARKET", quantity: "0.001" });
    const cancel = { symbol: "BTCUSDT", orderId: filled.body.orderId };
    for (const parameters of [unknown, cancel]) {
      const { body } = await client.signed("DELETE", "/api/v3/order", parameters);
      expect(body).toEqual({ code: -2011, msg: "Unknown order sent." });
    }
    const neither = await client.signed("GET", "/api/v3/order", { symbol: "BTCUSDT" });
    expect(neither.body.msg).toBe(
      "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    );
  });

  it("a request without the account's key or a valid signature", async () => {
    const path = `/api/v3/account?timestamp=${Date.now()}&signature=0000`;
    const answers = [
      await client.send("GET", path),
      await client.send("GET", path, { headers: { "x-mbx-apikey": "another" } }),
      await client.send("GET", path, { headers: client.headers }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [401, -2014],
      [401, -2015],
      [400, -1022],
    ]);
  });

  it("a failed order costs its weight, a placed or canceled one nothing", async () => {
    const used = ({ headers }: { headers: Headers }): number => Number(headers.get("x-mbx-used-weight-1m"));
    const placed = await client.order();
    const { orderId } = placed.body;
    const canceled = await client.signed("DELETE", "/api/v3/order", { symbol: "BTCUSDT", orderId });
    const failed = await client.order({ price: "1" });
    expect([used(placed), used(canceled), used(failed)]).toEqual([0, 0, 1]);
  });
});
