import { beforeEach, describe, expect, it } from "vitest";
import { parseDefects } from "./defects.ts";
import { PlatformUnderTest } from "./testing/platform-under-test.ts";
import { useDatabase } from "./testing/suite.ts";
import { databaseAvailable } from "./testing/test-database.ts";
import { until } from "./testing/until.ts";

describe("the list of planted defects", () => {
  it("is read from a comma-separated text", () => {
    expect([...parseDefects(" blind-retry, slow-leak ")]).toEqual(["blind-retry", "slow-leak"]);
    expect([...parseDefects("")]).toEqual([]);
  });

  it("refuses an unknown name, since a missing defect proves nothing", () => {
    expect(() => parseDefects("blind-retri")).toThrow(/got "blind-retri"/);
  });
});

describe.skipIf(!databaseAvailable)("a planted defect", () => {
  const suite = useDatabase();

  beforeEach(async () => {
    await suite.database.empty();
  });

  it("blind-retry sends an order twice when an answer is lost", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "blind-retry",
    });
    defective.binance.behavior = "lose-answer";
    await defective.place();
    expect(defective.binance.orders).toHaveLength(2);
  });

  it("float-money computes a cost that is not exact", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "float-money",
    });
    const { json } = await defective.place({ quantity: "0.00033", price: "61000.01" });
    expect(json.fills[0].cost).not.toBe("20.1300033");
  });

  it("tick-too-much computes a cost that is off by the last decimal", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "tick-too-much",
    });
    let cost: unknown;
    await until("an order that is filled", async () => {
      const { json } = await defective.place({ quantity: "0.00033", price: "61000.01" });
      cost = json.fills?.[0]?.cost;
      return cost !== undefined;
    });
    expect(cost).toBe("20.13000331");
  });

  it("no-resync keeps a book after a gap", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, { SPARK_DEFECTS: "no-resync" });
    defective.binance.depth([["61000.005", "1"]], [], 3);
    await until("the update after the hole", async () => {
      return (await defective.get("/api/quotes/binance/BTCUSDT")).json.bid === "61000.005";
    });
    expect(await defective.metric('feed_resyncs_total{feed="binance",reason="gap"}')).toBe(0);
  });

  it("frozen-feed ignores Binance's messages after the first ones, and stays connected", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "frozen-feed",
    });
    const messages = () => defective.metric('feed_messages_total{feed="binance"}');
    for (let sent = 0; sent < 80; sent++) defective.binance.depth([["61000.005", String(sent + 1)]], []);
    await until("the last message that counts", async () => (await messages()) === 60);
    defective.binance.depth([["61000.006", "1"]], []);
    expect(await messages()).toBe(60);
    expect(await defective.metric('feed_connected{feed="binance"}')).toBe(1);
  });

  it("idempotency-race executes one key more than once", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "idempotency-race",
    });
    await Promise.all(Array.from({ length: 8 }, () => defective.place({}, "same")));
    expect(defective.binance.orders.length).toBeGreaterThan(1);
  });

  it("pool-leak keeps a connection for each transaction that failed", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, { SPARK_DEFECTS: "pool-leak" });
    await suite.database.admin.query("ALTER TABLE fills RENAME TO fills_away");
    try {
      await Promise.all([defective.place(), defective.place()]);
      expect(await defective.metric('db_pool_connections{state="active"}')).toBeGreaterThanOrEqual(2);
    } finally {
      await suite.database.admin.query("ALTER TABLE fills_away RENAME TO fills");
    }
  });

  it("slow-leak retains memory for each request", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, { SPARK_DEFECTS: "slow-leak" });
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 50; count++) await defective.get("/api/features/status");
    expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThan(1_000_000);
  });

  it("blocking-work blocks the event loop while an order is placed", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "blocking-work",
    });
    const late = async () =>
      (await defective.metric("event_loop_lag_seconds_count")) -
      (await defective.metric('event_loop_lag_seconds_bucket{le="0.1"}'));
    const before = await late();
    await defective.place();
    await until("the late tick", async () => (await late()) > before);
  });

  it.each([
    ["one-error-in-50", 50, 1],
    ["one-error-in-200", 200, 1],
  ])("%s fails one request of so many", async (defect, requests, errors) => {
    await using defective = await PlatformUnderTest.start(suite.database.url, { SPARK_DEFECTS: defect });
    const statuses: number[] = [];
    for (let sent = 0; sent < requests; sent++)
      statuses.push((await defective.get("/api/features/status")).status);
    expect(statuses.filter((status) => status === 500)).toHaveLength(errors);
    expect((await defective.get("/api/healthz")).status).toBe(200);
  });

  it("errors-on-one-route fails every fourth request for positions, and no other", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "errors-on-one-route",
    });
    const statusesOf = async (path: string) => {
      const statuses: number[] = [];
      for (let sent = 0; sent < 4; sent++) statuses.push((await defective.get(path)).status);
      return statuses;
    };
    expect(await statusesOf("/api/positions?accountId=a")).toEqual([200, 200, 200, 500]);
    expect(await statusesOf("/api/features/status")).toEqual([200, 200, 200, 200]);
  });

  it("half-counted misses every second request in the metrics", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "half-counted",
    });
    for (let sent = 0; sent < 10; sent++) await defective.get("/api/features/status");
    const counted = await defective.metric(
      'http_requests_total{method="GET",route="/api/features/status",status="200"}',
    );
    expect(counted).toBe(5);
  });

  it("forced-gc collects the whole heap with each order", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, { SPARK_DEFECTS: "forced-gc" });
    const major = () => defective.metric('nodejs_gc_duration_seconds_count{kind="major"}');
    const before = await major();
    for (let count = 0; count < 3; count++) await defective.place();
    await until("three collections", async () => (await major()) >= before + 3);
  });

  it("unrounded-cost computes an amount that no column can hold, and counts it", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "unrounded-cost",
    });
    expect((await defective.place()).status).toBe(500);
    expect(await defective.metric("decimal_precision_errors_total")).toBeGreaterThan(0);
  });

  it("rounded-quantity orders another quantity than requested", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "rounded-quantity",
    });
    const { json } = await defective.place({ quantity: "0.00191" });
    expect(json.quantity).toBe("0.002");
  });

  it("lost-event sends no event of a filled order", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "lost-event",
    });
    const { json } = await defective.place();
    expect(json.status).toBe("FILLED");
    const { rows } = await suite.database.admin.query("SELECT 1 FROM outbox_events WHERE aggregate_id = $1", [
      json.id,
    ]);
    expect(rows).toEqual([]);
  });

  it("number-amounts returns positions that may have lost digits", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "number-amounts",
    });
    await defective.place();
    expect((await defective.get("/api/positions")).json.positions[0].quantity).toBeTypeOf("number");
  });

  describe("of the kill switch", () => {
    const use = (platform: PlatformUnderTest, query: string) =>
      platform.request("POST", `/api/tools/kill-switch?scope=canary${query}`, { "x-actor": "oncall" });
    const start = (defect: string, arm = "canary") =>
      PlatformUnderTest.start(suite.database.url, { SPARK_DEFECTS: defect, SPARK_ARM: arm });

    it("real-dry-run stops trading", async () => {
      await using defective = await start("real-dry-run");
      await use(defective, "&dry_run=true");
      expect((await defective.place()).status).toBe(423);
    });

    it("wide-kill-switch stops the stable version", async () => {
      await using defective = await start("wide-kill-switch", "stable");
      await use(defective, "");
      expect((await defective.place()).status).toBe(423);
    });

    it("forgetful-kill-switch trades again after a restart", async () => {
      await using sound = await start("");
      await use(sound, "");
      await using defective = await start("forgetful-kill-switch");
      expect((await defective.place()).status).toBe(201);
    });

    it("open-kill-switch trades while nobody knows whether it may", async () => {
      const { admin } = suite.database;
      await admin.query("ALTER TABLE kill_switch_audit RENAME TO kill_switch_away");
      try {
        await using defective = await start("open-kill-switch");
        expect((await defective.place()).status).toBe(201);
      } finally {
        await admin.query("ALTER TABLE kill_switch_away RENAME TO kill_switch_audit");
      }
    });

    it("lossy-kill-switch records an order as rejected that the venue has", async () => {
      await using defective = await start("lossy-kill-switch");
      defective.binance.behavior = "hang";
      const placing = defective.place();
      await until("the order at the venue", () => defective.binance.orders.length === 1);
      await use(defective, "");
      await placing;
      const { rows } = await suite.database.admin.query("SELECT status FROM orders");
      expect(rows).toEqual([{ status: "REJECTED" }]);
    });

    it("stuck-kill-switch stays off", async () => {
      await using defective = await start("stuck-kill-switch");
      await use(defective, "");
      await use(defective, "&enable=true");
      expect((await defective.place()).status).toBe(423);
    });
  });

  it("deaf-kill-switch executes orders although execution is disabled", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "deaf-kill-switch",
    });
    await fetch(`${defective.url}/api/tools/kill-switch?enable=false`, {
      method: "POST",
      headers: { "x-actor": "test" },
    });
    expect((await defective.place()).status).toBe(201);
  });

  it("outbox-restamp writes rows again that were dispatched long ago", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "outbox-restamp",
    });
    const stampsOf = async (id: string) =>
      (
        await suite.database.admin.query(
          "SELECT max(dispatched_at) AS stamp FROM outbox_events WHERE aggregate_id = $1",
          [id],
        )
      ).rows[0]?.stamp as Date | null;
    const { json } = await defective.place();
    const first = await until("the event dispatched", async () => (await stampsOf(json.id)) ?? undefined);
    await until("its stamp changed by another order's", async () => {
      await defective.place();
      return Number(await stampsOf(json.id)) > Number(first);
    });
  });

  it("held-connections keeps the connection of one transaction in a hundred", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "held-connections",
    });
    for (let placed = 0; placed < 100; placed++) await defective.place();
    await until("a connection that is in use at rest", async () => {
      return (await defective.metric('db_pool_connections{state="active"}')) >= 1;
    });
  });
});
