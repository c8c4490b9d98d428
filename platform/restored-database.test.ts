import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { openLog } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { startInstance } from "./runtime/platform-instance.ts";
import { PlatformUnderTest } from "./testing/platform-under-test.ts";
import { useDatabase, usePlatform } from "./testing/suite.ts";
import { databaseAvailable } from "./testing/test-database.ts";
import { until } from "./testing/until.ts";

describe.skipIf(!databaseAvailable)("a database that was restored to an earlier moment", () => {
  const suite = usePlatform();

  const rows = async (sql: string) => (await suite.database.admin.query(sql)).rows;

  /** Takes away what a restore takes away: all but the first order, and the timeline that was reconciled. */
  async function restoreTo(firstId: string): Promise<void> {
    const others = `SELECT id FROM orders WHERE id <> '${firstId}'`;
    await suite.database.admin.query(
      `BEGIN;
       DELETE FROM reconciled_timelines;
       DELETE FROM fills WHERE order_id IN (${others});
       DELETE FROM idempotency_keys WHERE order_id IN (${others});
       DELETE FROM outbox_events WHERE aggregate_id IN (${others.replace("id FROM", "id::text FROM")});
       DELETE FROM orders WHERE id <> '${firstId}';
       UPDATE positions SET quantity = (SELECT sum(quantity - fee) FROM fills), cost = (SELECT sum(cost) FROM fills);
       COMMIT`,
    );
  }

  const recovered = () =>
    suite.platform.metric('orders_reconciled_total{venue="binance",result="recovered"}');

  it("gets the orders that it has forgotten from the venues, once, under the ids that were answered", async () => {
    const first = await suite.platform.place({}, "first");
    const forgotten = await suite.platform.place({}, "forgotten");
    const other = await suite.platform.place({ venue: "btcturk", price: "61001" }, "other");
    await suite.platform.orderIn(other.json.id, "FILLED");
    const positions = await suite.platform.get("/api/positions");
    await restoreTo(first.json.id);
    await until("both orders", async () => (await rows("SELECT 1 FROM orders")).length === 3);
    await suite.platform.orderIn(forgotten.json.id, "FILLED");
    await suite.platform.orderIn(other.json.id, "FILLED");
    expect(await recovered()).toBe(1);
    expect(await rows("SELECT 1 FROM fills")).toHaveLength(3);
    const [before, after] = [positions, await suite.platform.get("/api/positions")].map(
      ({ json }) => json.positions[0],
    );
    expect([after.quantity, after.cost]).toEqual([before.quantity, before.cost]);
    expect(await rows("SELECT DISTINCT account_id FROM orders")).toEqual([{ account_id: "default" }]);
  });

  it("never answers that an order is open whose end it has forgotten", async () => {
    // The order is found by the recovery only.
    await using platform = await PlatformUnderTest.start(suite.database.url, {
      SPARK_FOLLOW_INTERVAL_MS: "600000",
    });
    platform.binance.behavior = "rest";
    await suite.platform[Symbol.asyncDispose]();
    const { json } = await platform.place({}, "first");
    await platform.request("DELETE", `/api/orders/${json.id}`);
    await suite.database.admin.query(
      `BEGIN;
       DELETE FROM reconciled_timelines;
       UPDATE orders SET status = 'ACCEPTED', next_check_at = NULL WHERE id = '${json.id}';
       COMMIT`,
    );
    const answers: string[] = [];
    await until("the order to be shown", async () => {
      const { status, json: shown } = await platform.get(`/api/orders/${json.id}`);
      answers.push(status === 503 ? "unavailable" : shown.status);
      return status === 200;
    });
    expect(answers.at(-1)).toBe("CANCELED");
  });

  it("executes no key again: a client that repeats one is answered with the order that it had", async () => {
    const first = await suite.platform.place({}, "first");
    const forgotten = await suite.platform.place({}, "forgotten");
    await restoreTo(first.json.id);
    const again = await until("an answer", async () => {
      const answer = await suite.platform.place({}, "forgotten");
      return answer.status === 503 ? undefined : answer;
    });
    expect(again).toMatchObject({ status: 201, json: { id: forgotten.json.id, status: "FILLED" } });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await suite.platform.place({}, "forgotten")).text).toBe(again.text);
    expect(suite.platform.binance.orders).toHaveLength(2);
    expect(await rows("SELECT idempotency_key FROM orders ORDER BY 1")).toEqual([
      { idempotency_key: "first" },
      { idempotency_key: "forgotten" },
    ]);
  });

  it("answers no order with a refusal that was executed before", async () => {
    const first = await suite.platform.place({}, "first");
    const forgotten = await suite.platform.place({}, "forgotten");
    await restoreTo(first.json.id);
    await suite.platform.orderIn(forgotten.json.id, "FILLED");
    await suite.platform.request("POST", "/api/tools/kill-switch?enable=false&scope=global", {
      "x-actor": "test",
    });
    expect(await suite.platform.place({}, "forgotten")).toMatchObject({
      status: 201,
      json: { id: forgotten.json.id },
    });
    expect(await suite.platform.place({}, "new")).toMatchObject({ status: 423 });
  });

  it("takes no order while a venue does not say which ones it has", async () => {
    const first = await suite.platform.place({}, "first");
    await suite.platform.btcturk.stop();
    await restoreTo(first.json.id);
    await until("requests to be refused", async () => (await suite.platform.place({}, "new")).status === 503);
    expect((await suite.platform.get(`/api/orders/${first.json.id}`)).status).toBe(503);
    expect(suite.platform.binance.orders).toHaveLength(1);
  });

  it("opens an order again that it has for never sent, and that was sent later", async () => {
    const first = await suite.platform.place({}, "first");
    const later = await suite.platform.place({}, "later");
    await suite.database.admin.query(
      `BEGIN;
       DELETE FROM reconciled_timelines;
       DELETE FROM fills WHERE order_id = '${later.json.id}';
       UPDATE orders SET status = 'REJECTED', reject_code = 'NOT_SENT', executed_quantity = 0, executed_quote = 0,
         venue_executed_quantity = 0, venue_order_id = NULL WHERE id = '${later.json.id}';
       COMMIT`,
    );
    await until("the order at its venue", async () => (await recovered()) === 1);
    expect(await suite.platform.orderIn(later.json.id, "FILLED")).toMatchObject({
      executedQuantity: "0.001",
    });
    expect((await suite.platform.get(`/api/orders/${first.json.id}`)).json.status).toBe("FILLED");
  });

  it("is not noticed by a platform that forgets it, whose next order of the same key is sent again", async () => {
    await using platform = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "forgetful-restore",
    });
    const first = await platform.place({ accountId: "a" }, "first");
    const forgotten = await platform.place({ accountId: "a" }, "forgotten");
    await suite.platform[Symbol.asyncDispose]();
    await restoreTo(first.json.id);
    const again = await until("an answer", async () => {
      const answer = await platform.place({ accountId: "a" }, "forgotten");
      return answer.status === 503 ? undefined : answer;
    });
    expect(again.status).toBe(201);
    expect(again.json.id).toBe(forgotten.json.id);
    expect(platform.binance.orders).toHaveLength(3);
  });
});

describe.skipIf(!databaseAvailable)("a database that is new", () => {
  const suite = useDatabase();

  it("is reconciled for the first request after the platform's start", async () => {
    const nowhere = { BINANCE_REST_URL: "http://127.0.0.1:1", BTCTURK_REST_URL: "http://127.0.0.1:1" };
    const sockets = {
      BINANCE_WS_URL: "ws://127.0.0.1:1",
      BTCTURK_WS_URL: "ws://127.0.0.1:1",
      BIST_WS_URL: "ws://127.0.0.1:1",
    };
    const config = readConfig({ DATABASE_URL: suite.database.url, ...nowhere, ...sockets });
    const instance = startInstance(config, new Metrics(), openLog("silent"));
    try {
      await expect(instance.recovery.require()).resolves.toBeUndefined();
    } finally {
      instance.stop();
    }
  });
});
