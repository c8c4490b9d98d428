import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { PlatformUnderTest } from "./testing/platform-under-test.ts";
import { usePlatform } from "./testing/suite.ts";
import { databaseAvailable } from "./testing/test-database.ts";
import { until } from "./testing/until.ts";

/** On a busy machine many requests at once take longer than the short limits that the other tests use. */
const LONG_TIMEOUTS = {
  SPARK_ORDER_TIMEOUT_MS: "10000",
  SPARK_DATABASE_TIMEOUT_MS: "10000",
  SPARK_KEY_WAIT_MS: "10000",
};

describe.skipIf(!databaseAvailable)("orders, on a real Postgres behind a real pgBouncer", () => {
  const suite = usePlatform();

  const rows = async (sql: string) => (await suite.database.admin.query(sql)).rows;
  /** Ends the lease of the attempt that claimed the keys, as if it had crashed. */
  const expire = () =>
    suite.database.admin.query(
      "UPDATE idempotency_keys SET locked_until = now() - interval '1 s', response_status = NULL, response_body = NULL",
    );

  describe("one key", () => {
    it("executes once, for any number of simultaneous requests", async () => {
      await using platform = await PlatformUnderTest.start(suite.database.url, LONG_TIMEOUTS);
      const answers = await Promise.all(Array.from({ length: 20 }, () => platform.place({}, "same")));
      expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
      expect(answers.every((answer) => answer.status === 201)).toBe(true);
      expect(answers.filter((answer) => answer.headers.get("idempotency-replayed") === null)).toHaveLength(1);
      expect(platform.binance.orders).toHaveLength(1);
      expect(await rows("SELECT 1 FROM orders")).toHaveLength(1);
    });

    it("refuses a different body, and counts it", async () => {
      await suite.platform.place({}, "same");
      const other = await suite.platform.place({ quantity: "0.002" }, "same");
      expect(other).toMatchObject({ status: 409, json: { error: "idempotency_conflict" } });
      expect(await suite.platform.metric("idempotency_conflicts_total")).toBe(1);
      expect(await suite.platform.metric("idempotency_requests_total")).toBe(2);
      expect(suite.platform.binance.orders).toHaveLength(1);
    });

    it("belongs to its account: another account may use the same one", async () => {
      const answers = await Promise.all([
        suite.platform.place({ accountId: "a" }, "same"),
        suite.platform.place({ accountId: "b" }, "same"),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
      expect(suite.platform.binance.orders).toHaveLength(2);
    });

    it("is required", async () => {
      const answer = await suite.platform.request("POST", "/api/orders", {}, {});
      expect(answer).toMatchObject({ status: 400, json: { error: "idempotency_key_required" } });
    });

    it("answers 409 with Retry-After while a slow attempt holds it", async () => {
      await suite.platform.place({}, "model");
      await suite.database.admin.query(
        `INSERT INTO idempotency_keys (account_id, key, request_hash, locked_until)
         SELECT 'default', 'held', request_hash, now() + interval '1 minute' FROM idempotency_keys WHERE key = 'model'`,
      );
      const answer = await suite.platform.place({}, "held");
      expect(answer).toMatchObject({ status: 409, json: { error: "idempotency_in_progress" } });
      expect(answer.headers.get("retry-after")).toBe("1");
    });
  });

  describe("an attempt that ended half-way", () => {
    it("is taken over: the order that it had sent is found, not sent again", async () => {
      const first = await suite.platform.place({}, "same");
      await suite.database.admin.query("DELETE FROM fills");
      await suite.database.admin.query(
        "UPDATE orders SET status = 'PENDING', venue_order_id = NULL, executed_quantity = 0, executed_quote = 0, venue_executed_quantity = 0",
      );
      await expire();
      const second = await suite.platform.place({}, "same");
      expect(second.status).toBe(201);
      expect(second.json.id).toBe(first.json.id);
      expect(second.json.fills).toHaveLength(1);
      expect(suite.platform.binance.orders).toHaveLength(1);
    });

    it("is taken over: an order that was not sent is sent, with the same client order id", async () => {
      suite.platform.binance.behavior = "reject";
      const first = await suite.platform.place({}, "same");
      await suite.database.admin.query("UPDATE orders SET status = 'PENDING', reject_code = NULL");
      await expire();
      suite.platform.binance.behavior = "fill";
      const second = await suite.platform.place({}, "same");
      expect(second.json).toMatchObject({ status: "FILLED", clientOrderId: first.json.clientOrderId });
      expect(suite.platform.binance.orders).toHaveLength(1);
    });
  });

  it("whose process ended is settled in the background when its lease has expired, without any client", async () => {
    const { json } = await suite.platform.place();
    await suite.database.admin.query("DELETE FROM fills");
    await suite.database.admin.query(
      `UPDATE orders SET status = 'PENDING', next_check_at = now(), venue_order_id = NULL,
         executed_quantity = 0, executed_quote = 0, venue_executed_quantity = 0`,
    );
    expect(await suite.platform.orderIn(json.id, "FILLED")).toMatchObject({ executedQuantity: "0.001" });
    expect(suite.platform.binance.orders).toHaveLength(1);
  });

  describe("a lost answer", () => {
    it("is found again at once: the order was placed exactly once", async () => {
      suite.platform.binance.behavior = "lose-answer";
      const answer = await suite.platform.place();
      expect(answer).toMatchObject({ status: 201, json: { status: "FILLED", executedQuantity: "0.001" } });
      expect(answer.json.fills).toHaveLength(1);
      expect(suite.platform.binance.orders).toHaveLength(1);
      expect(await suite.platform.metric('orders_total{venue="binance",outcome="unknown"}')).toBe(1);
    });

    it.each(["hang", "answer-503"] as const)("is the same for %s", async (behavior) => {
      suite.platform.binance.behavior = behavior;
      expect(await suite.platform.place()).toMatchObject({ status: 201, json: { status: "FILLED" } });
      expect(suite.platform.binance.orders).toHaveLength(1);
    });

    it("is reported as UNKNOWN while the venue itself lags, and found in the background", async () => {
      suite.platform.binance.behavior = "lose-answer";
      suite.platform.binance.lagLookups = 3;
      const answer = await suite.platform.place({}, "same");
      expect(answer).toMatchObject({ status: 202, json: { status: "UNKNOWN" } });
      const order = await suite.platform.orderIn(answer.json.id, "FILLED");
      expect(order.fills).toHaveLength(1);
      expect(suite.platform.binance.orders).toHaveLength(1);
      const repeated = await suite.platform.place({}, "same");
      expect(repeated).toMatchObject({ status: 201, json: { id: answer.json.id, status: "FILLED" } });
    });

    it("ends as rejected, after the grace, when the order never arrived", async () => {
      suite.platform.binance.behavior = "never-arrive";
      const answer = await suite.platform.place({}, "same");
      expect(answer.status).toBe(202);
      const order = await suite.platform.orderIn(answer.json.id, "REJECTED");
      expect(order.rejection.code).toBe("NEVER_ARRIVED");
      const lookups = suite.platform.binance.requests.filter((request) => request === "GET /api/v3/order");
      expect(lookups.length).toBeGreaterThan(1);
      expect(await suite.platform.place({}, "same")).toMatchObject({
        status: 422,
        json: { code: "NEVER_ARRIVED" },
      });
      expect(
        suite.platform.binance.requests.filter((request) => request === "POST /api/v3/order"),
      ).toHaveLength(1);
    });

    it("is found at BTCTurk by a search, although its answer was an HTML page without an id", async () => {
      suite.platform.btcturk.behavior = "html-504";
      const answer = await suite.platform.place({ venue: "btcturk", price: "61001" });
      expect(answer).toMatchObject({ status: 201, json: { status: "FILLED", executedQuantity: "0.001" } });
      expect(suite.platform.btcturk.orders).toHaveLength(1);
    });
  });

  describe("a refusal", () => {
    it("of the venue is returned with its code, and again for the same key", async () => {
      suite.platform.binance.behavior = "reject";
      const answer = await suite.platform.place({}, "same");
      expect(answer).toMatchObject({ status: 422, json: { error: "venue_rejected", code: "-2010" } });
      suite.platform.binance.behavior = "fill";
      expect((await suite.platform.place({}, "same")).text).toBe(answer.text);
    });

    it("of a rate-limiting venue stops all calls, and releases the key", async () => {
      suite.platform.binance.behavior = "rate-limit";
      const answer = await suite.platform.place({}, "same");
      expect(answer).toMatchObject({ status: 503, json: { error: "venue_unavailable" } });
      const calls = suite.platform.binance.requests.length;
      expect((await suite.platform.place()).status).toBe(503);
      expect(suite.platform.binance.requests).toHaveLength(calls);
      suite.platform.binance.behavior = "fill";
      const later = await until("the venue to be free again", async () => {
        const again = await suite.platform.place({}, "same");
        return again.status === 201 ? again : undefined;
      });
      expect(later.json.status).toBe("FILLED");
      expect(
        suite.platform.binance.orders.filter((order) => order.clientOrderId === later.json.clientOrderId),
      ).toHaveLength(1);
    });

    it.each([
      ["max_quantity", { quantity: "11" }],
      ["max_notional", { quantity: "10", price: "120000" }],
      ["price_too_far", { price: "40000" }],
    ])("of the limit %s reaches no venue, and is counted", async (reason, order) => {
      const answer = await suite.platform.place(order);
      expect(answer).toMatchObject({ status: 422, json: { error: "risk_block", reason } });
      expect(await suite.platform.metric(`risk_blocks_total{reason="${reason}"}`)).toBe(1);
      expect(suite.platform.binance.orders).toHaveLength(0);
    });

    it.each([
      ["a JSON number", { quantity: 0.001 }],
      ["an exponent", { quantity: "1e-3" }],
      ["nothing", { quantity: "0" }],
      ["a market order with a price", { type: "market" }],
      ["an unknown field", { stopPrice: "1" }],
    ])("of %s happens before anything is written", async (_what, order) => {
      const answer = await suite.platform.place(order);
      expect(answer).toMatchObject({ status: 400, json: { error: "invalid_request" } });
      expect(await rows("SELECT 1 FROM idempotency_keys")).toHaveLength(0);
    });
  });

  describe("money", () => {
    it("adds up to the last decimal over partial fills, fees and the position", async () => {
      suite.platform.binance.fills = [
        ["61000.01", "0.00033333"],
        ["61000.00", "0.00033333"],
        ["60999.99", "0.00033334"],
      ];
      const { json } = await suite.platform.place();
      // Each fill as the venue books it: truncated to eight decimals.
      const cost = new Decimal("20.33313333").plus("20.33313").plus("20.33373666");
      expect(json.executedQuote).toBe(cost.toFixed());
      expect(json.executedQuantity).toBe("0.001");
      const { positions } = (await suite.platform.get("/api/positions")).json;
      expect(positions).toMatchObject([{ symbol: "BTCUSDT", quantity: "0.000999", cost: cost.toFixed() }]);
    });

    it("stays correct when many orders of one account fill at the same time", async () => {
      await using platform = await PlatformUnderTest.start(suite.database.url, LONG_TIMEOUTS);
      const answers = await Promise.all(
        Array.from({ length: 15 }, () => platform.place({ quantity: "0.1" })),
      );
      expect(answers.every((answer) => answer.status === 201)).toBe(true);
      const { positions } = (await platform.get("/api/positions")).json;
      expect(positions).toMatchObject([{ quantity: "1.4985", cost: "91500.015" }]);
      expect(await rows("SELECT 1 FROM positions")).toHaveLength(1);
    });

    it("is not booked twice when the same fills are reported again", async () => {
      const { json } = await suite.platform.place();
      await suite.database.admin.query(
        "UPDATE orders SET next_check_at = now(), venue_executed_quantity = 5",
      );
      await until("the order to be looked at again", async () => {
        return (await suite.platform.metric('orders_reconciled_total{venue="binance",result="updated"}')) > 0;
      });
      expect((await suite.platform.get(`/api/orders/${json.id}`)).json.executedQuantity).toBe("0.001");
      expect(await rows("SELECT 1 FROM fills")).toHaveLength(1);
    });

    it("follows a resting order until it fills, at both venues", async () => {
      suite.platform.binance.behavior = "rest";
      const resting = await suite.platform.place();
      expect(resting.json).toMatchObject({ status: "ACCEPTED", executedQuantity: "0" });
      const [order] = suite.platform.binance.orders;
      if (order !== undefined) suite.platform.binance.fillResting(order);
      expect(await suite.platform.orderIn(resting.json.id, "FILLED")).toMatchObject({
        executedQuantity: "0.001",
      });

      const turkish = await suite.platform.place({ venue: "btcturk", price: "61001" });
      const filled = await suite.platform.orderIn(turkish.json.id, "FILLED");
      expect(filled.fills).toMatchObject([
        { price: "61001", quantity: "0.001", fee: "0.0549", feeAsset: "USDT" },
      ]);
    });
  });

  it("cancels an open order, and reports one that has ended", async () => {
    suite.platform.binance.behavior = "rest";
    const { json } = await suite.platform.place();
    const canceled = await suite.platform.request("DELETE", `/api/orders/${json.id}`);
    expect(canceled).toMatchObject({ status: 200, json: { status: "CANCELED" } });
    const again = await suite.platform.request("DELETE", `/api/orders/${json.id}`);
    expect(again).toMatchObject({ status: 409, json: { error: "order_not_open" } });
  });

  it("detects that an order filled while it was being canceled", async () => {
    suite.platform.binance.behavior = "rest";
    const { json } = await suite.platform.place();
    const [order] = suite.platform.binance.orders;
    if (order !== undefined) suite.platform.binance.fillResting(order);
    const answer = await suite.platform.request("DELETE", `/api/orders/${json.id}`);
    expect(answer).toMatchObject({ status: 409, json: { order: { status: "FILLED" } } });
  });

  it("passes every change to the outbox's subscriber", async () => {
    await suite.platform.place();
    await until(
      "the outbox to be empty",
      async () => (await suite.platform.metric("outbox_dispatched_total")) === 1,
    );
    expect(await rows("SELECT 1 FROM outbox_events WHERE dispatched_at IS NULL")).toHaveLength(0);
  });
});
