import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { BtcturkTestClient } from "../testing/btcturk-client.ts";
import { ControlTestClient } from "../testing/control-client.ts";
import { eventually } from "../testing/eventually.ts";

let exchanges: RunningExchanges;
let control: ControlTestClient;
let client: BtcturkTestClient;

beforeAll(async () => {
  exchanges = await startExchanges({ seed: 5, tapeSpeed: 10 });
  control = new ControlTestClient(exchanges);
});
beforeEach(() => {
  exchanges.reset();
  client = new BtcturkTestClient(exchanges);
});
afterAll(() => exchanges.stop());

const misbehave = (name: string, how?: Readonly<Record<string, unknown>>) =>
  control.misbehave("btcturk", name, how);
const bites = (name: string) => control.bites("btcturk", name);
const openIds = async () =>
  (await client.signed("GET", "/api/v1/openOrders")).body.data.bids.map(({ id }: { id: number }) => id);

describe("auth-error-success-true", () => {
  it("refuses a private request in an envelope that claims success and has no data", async () => {
    await misbehave("auth-error-success-true", { times: 2 });
    const refused = { success: true, message: "Unauthorized - Invalid Nonce", code: 1037 };
    const balances = await client.signed("GET", "/api/v1/users/balances");
    expect([balances.status, balances.body]).toEqual([401, refused]);
    expect((await client.order()).body).toEqual(refused);
    expect(await control.record("btcturk", "orders")).toEqual([]);
    expect((await client.signed("GET", "/api/v1/users/balances")).body.data.length).toBeGreaterThan(0);
  });

  it("does not affect public requests", async () => {
    await misbehave("auth-error-success-true");
    expect((await client.send("GET", "/api/v2/ticker")).status).toBe(200);
    expect(await bites("auth-error-success-true")).toBe(0);
  });
});

describe("internal-error", () => {
  it("answers a private request with 500, and does nothing", async () => {
    await misbehave("internal-error", { times: 1 });
    const { status, body } = await client.order();
    expect([status, body.success, body.message]).toEqual([500, false, "INTERNAL_ERROR"]);
    expect(await control.record("btcturk", "orders")).toEqual([]);
    expect((await client.order()).status).toBe(200);
  });
});

describe("ack-lost", () => {
  it("concerns cancellations too, where they are chosen", async () => {
    await misbehave("ack-lost", { times: 1, acts: "cancel" });
    const { body } = await client.order();
    await expect(client.signed("DELETE", `/api/v1/order?id=${body.data.id}`)).rejects.toThrow("fetch failed");
    await eventually(openIds).toEqual([]);
  });
});

describe("quota-exceeded", () => {
  it("refuses private requests with the venue's 429 and Retry-After, and does nothing", async () => {
    await misbehave("quota-exceeded", { times: 1, retryAfterS: 3 });
    const { status, headers, body } = await client.order();
    expect([status, headers.get("retry-after")]).toEqual([429, "3"]);
    expect(body).toEqual({
      message: "TOO_MANY_REQUESTS",
      success: false,
      code: 429,
      details: "Quota exceeded. Maximum allowed: 10 per 1s.",
      limit: "10",
      period: "1s",
      policy: "account-ip",
    });
    expect(await control.record("btcturk", "orders")).toEqual([]);
    expect((await client.order()).status).toBe(200);
  });

  it("does not affect public requests", async () => {
    await misbehave("quota-exceeded");
    expect((await client.send("GET", "/api/v2/ticker")).status).toBe(200);
    expect(await bites("quota-exceeded")).toBe(0);
  });
});

describe("late-reply", () => {
  it("executes the order at once, and answers much later without its id", async () => {
    await misbehave("late-reply", { times: 1, delayMs: 300 });
    let isAnswered = false;
    const placing = client.order({ newOrderClientId: "late" }).finally(() => {
      isAnswered = true;
    });
    await eventually(() => control.record("btcturk", "orders")).toHaveLength(1);
    expect(isAnswered).toBe(false);
    const { status, body } = await placing;
    expect([status, body]).toEqual([200, { data: null, success: true, message: "SUCCESS", code: 0 }]);
  });
});

describe("html-504", () => {
  it("accepts the order and answers with an HTML page", async () => {
    await misbehave("html-504", { times: 1 });
    const { status, headers, body } = await client.order({ newOrderClientId: "paged" });
    expect([status, headers.get("content-type")]).toEqual([504, "text/html; charset=UTF-8"]);
    expect(body).toContain("504 Gateway Time-out");
    expect(await control.record("btcturk", "orders")).toMatchObject([{ clientOrderId: "paged" }]);
  });
});

describe("zombie-order", () => {
  it("keeps an order Untouched in spite of all cancels, and allows the next one's", async () => {
    const { body: zombie } = await client.order();
    const { body: mortal } = await client.order();
    await misbehave("zombie-order", { times: 1 });
    for (let count = 0; count < 2; count++) {
      const { status, body } = await client.signed("DELETE", `/api/v1/order?id=${zombie.data.id}`);
      expect([status, body.message]).toEqual([400, "ORDER_COULD_NOT_BE_CANCELED"]);
    }
    expect((await client.signed("DELETE", `/api/v1/order?id=${mortal.data.id}`)).status).toBe(200);
    await eventually(openIds).toEqual([zombie.data.id]);
    const { body: found } = await client.signed("GET", `/api/v1/order/${zombie.data.id}`);
    expect(found.data.status).toBe("Untouched");
    expect(await bites("zombie-order")).toBe(1);
    await misbehave("zombie-order", { answer: "ORDER_CANCEL_BLOCKED" });
    const blocked = await client.signed("DELETE", `/api/v1/order?id=${zombie.data.id}`);
    expect([blocked.status, blocked.body.message]).toEqual([400, "ORDER_CANCEL_BLOCKED"]);
    await control.behave("btcturk", "zombie-order");
    expect((await client.signed("DELETE", `/api/v1/order?id=${zombie.data.id}`)).status).toBe(200);
  });
});

describe("order-failed", () => {
  it("refuses a valid order by its method, and places nothing", async () => {
    await misbehave("order-failed", { times: 2 });
    expect((await client.order()).body).toEqual({
      success: false,
      message: "FAILED_LIMIT_ORDER",
      code: 1120,
    });
    const market = await client.order({ orderMethod: "market", quantity: "100" });
    expect([market.status, market.body.message, market.body.code]).toEqual([
      400,
      "FAILED_MARKET_ORDER",
      1118,
    ]);
    expect(await control.record("btcturk", "orders")).toEqual([]);
  });
});

describe("late-fill", () => {
  it("hides a fill from the transactions for some polls; the balance has it at once", async () => {
    await misbehave("late-fill", { times: 1, polls: 2 });
    const { body } = await client.order({ orderMethod: "market", orderType: "sell", quantity: "0.0001" });
    const fills = async () => {
      const path = `/api/v1/users/transactions/trade?orderId=${body.data.id}`;
      return (await client.signed("GET", path)).body.data.length;
    };
    expect([await fills(), await fills(), await fills(), await fills()]).toEqual([0, 0, 1, 1]);
    const balances = await control.record("btcturk", "balances");
    expect(balances).toContainEqual(expect.objectContaining({ asset: "BTC", free: "99.99990000" }));
    expect(await bites("late-fill")).toBe(1);
  });
});

describe("unlock-lag", () => {
  it("keeps the balance locked after the cancel, so that the next order is refused with 1122", async () => {
    // Nearly the account's whole balance.
    const { body } = await client.order({ quantity: "33" });
    await misbehave("unlock-lag", { delayMs: 400 });
    await client.signed("DELETE", `/api/v1/order?id=${body.data.id}`);
    const again = await client.order({ quantity: "33" });
    expect([again.status, again.body]).toEqual([
      400,
      { success: false, message: "FAILED_ORDER_WITH_OPEN_ORDERS", code: 1122 },
    ]);
    await eventually(openIds).toEqual([]);
    expect((await client.order({ quantity: "33" })).status).toBe(200);
  });
});
