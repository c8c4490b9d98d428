import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningExchanges } from "../../start-exchanges.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";
import { startOnHandTape } from "../../testing/hand-tape.ts";

let exchanges: RunningExchanges;
let client: BinanceTestClient;

beforeAll(async () => {
  exchanges = await startOnHandTape([], { tapeStart: "paused" });
  client = new BinanceTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const ORDER = {
  ...{ symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", price: "40000", quantity: "0.01" },
};
const replace = (fields: Record<string, string>) =>
  client.signed("POST", "/api/v3/order/cancelReplace", {
    ...{ ...ORDER, cancelReplaceMode: "STOP_ON_FAILURE", ...fields },
  });
const openPrices = async (): Promise<string[]> =>
  (await client.signed("GET", "/api/v3/openOrders")).body.map(({ price }: { price: string }) => price);
/** More than the account can pay. */
const TOO_MUCH = { quantity: "100" };

describe("cancel and replace", () => {
  beforeEach(async () => {
    await client.signed("POST", "/api/v3/order", { ...ORDER, newClientOrderId: "old" });
  });

  it("does both and returns both results", async () => {
    const { status, body } = await replace({
      ...{
        cancelOrigClientOrderId: "old",
        price: "41000",
        newClientOrderId: "new",
        cancelNewClientOrderId: "gone",
      },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ cancelResult: "SUCCESS", newOrderResult: "SUCCESS" },
      cancelResponse: { origClientOrderId: "old", clientOrderId: "gone", status: "CANCELED" },
      newOrderResponse: { clientOrderId: "new", status: "NEW", price: "41000.00000000" },
    });
    expect(await openPrices()).toEqual(["41000.00000000"]);
  });

  it("does not attempt the new order when the cancellation fails in STOP_ON_FAILURE", async () => {
    const { status, body } = await replace({ cancelOrigClientOrderId: "nobody" });
    expect(status).toBe(400);
    expect(body).toEqual({
      code: -2022,
      msg: "Order cancel-replace failed.",
      data: {
        ...{ cancelResult: "FAILURE", newOrderResult: "NOT_ATTEMPTED" },
        cancelResponse: { code: -2011, msg: "Unknown order sent." },
        newOrderResponse: null,
      },
    });
    expect(await openPrices()).toEqual(["40000.00000000"]);
    const counts = (await client.signed("GET", "/api/v3/rateLimit/order")).body;
    expect(
      counts.map(({ count }: { count: number }) => count),
      "counted although not attempted",
    ).toEqual([2, 2]);
  });

  it("places the new order after a failed cancellation when that is allowed, and answers 409", async () => {
    const { status, body } = await replace({
      ...{ cancelOrigClientOrderId: "nobody", cancelReplaceMode: "ALLOW_FAILURE", price: "42000" },
    });
    expect([status, body.code, body.msg]).toEqual([409, -2021, "Order cancel-replace partially failed."]);
    expect(body.data).toMatchObject({ cancelResult: "FAILURE", newOrderResult: "SUCCESS" });
    expect(await openPrices()).toEqual(["40000.00000000", "42000.00000000"]);
  });

  it("cancels when only the new order fails", async () => {
    const { status, body } = await replace({ cancelOrigClientOrderId: "old", ...TOO_MUCH });
    expect([status, body.code]).toEqual([409, -2021]);
    expect(body.data).toMatchObject({
      ...{ cancelResult: "SUCCESS", newOrderResult: "FAILURE" },
      newOrderResponse: { code: -2010, msg: "Account has insufficient balance for requested action." },
    });
    expect(await openPrices()).toEqual([]);
  });

  it("fails completely when both halves fail", async () => {
    const { status, body } = await replace({
      ...{ cancelOrigClientOrderId: "nobody", cancelReplaceMode: "ALLOW_FAILURE", ...TOO_MUCH },
    });
    expect([status, body.code, body.data.newOrderResult]).toEqual([400, -2022, "FAILURE"]);
  });

  it("cancels nothing when the new order's form or filters are wrong", async () => {
    const { body } = await replace({ cancelOrigClientOrderId: "old", price: "1" });
    expect(body).toEqual({ code: -1013, msg: "Filter failure: PERCENT_PRICE_BY_SIDE" });
    expect(await openPrices()).toEqual(["40000.00000000"]);
  });

  it.each([
    [
      { cancelReplaceMode: "" },
      -1102,
      "Mandatory parameter 'cancelReplaceMode' was not sent, was empty/null, or malformed.",
    ],
    [{ cancelReplaceMode: "PERHAPS" }, -1130, "Data sent for parameter 'cancelReplaceMode' is not valid."],
    [{}, -1102, "Param 'cancelOrigClientOrderId' or 'cancelOrderId' must be sent, but both were empty/null!"],
  ])("refuses %j", async (fields, code, msg) => {
    expect((await replace(fields)).body).toEqual({ code, msg });
  });
});
