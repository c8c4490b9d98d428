import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { PlatformUnderTest } from "./testing/platform-under-test.ts";
import { usePlatform } from "./testing/suite.ts";
import { databaseAvailable } from "./testing/test-database.ts";
import { until } from "./testing/until.ts";

describe.skipIf(!databaseAvailable)("the platform, on a real Postgres behind a real pgBouncer", () => {
  const suite = usePlatform();

  describe("without a database", () => {
    afterEach(async () => {
      await suite.database.startPooler();
    });

    it("answers 503, still serves its metrics, and works again when the database is back", async () => {
      await suite.database.stopPooler();
      const health = await suite.platform.get("/api/healthz");
      expect(health).toMatchObject({ status: 503, json: { database: "down" } });
      expect(await suite.platform.place({}, "same")).toMatchObject({
        status: 503,
        json: { error: "database_unavailable" },
      });
      expect((await suite.platform.get("/metrics")).status).toBe(200);
      expect(suite.platform.binance.orders).toHaveLength(0);
      await suite.database.startPooler();
      await until("health", async () => (await suite.platform.get("/api/healthz")).status === 200);
      expect(await suite.platform.place({}, "same")).toMatchObject({
        status: 201,
        json: { status: "FILLED" },
      });
    });

    it("does not lose an order that the venue accepted while the database became unavailable", async () => {
      suite.platform.binance.behavior = "hang";
      const placing = suite.platform.place({}, "same");
      await until("the order at the venue", () => suite.platform.binance.orders.length === 1);
      await suite.database.stopPooler();
      expect((await placing).status).toBe(503);
      await suite.database.startPooler();
      const settled = await until("the order to be settled", async () => {
        const { rows } = await suite.database.admin.query(
          "SELECT id, status FROM orders WHERE status = 'FILLED'",
        );
        return rows[0];
      });
      const again = await suite.platform.place({}, "same");
      expect(again).toMatchObject({ status: 201, json: { id: settled.id, executedQuantity: "0.001" } });
      expect(suite.platform.binance.orders).toHaveLength(1);
    });

    it("uses the kill switch nevertheless, and audits it afterwards", async () => {
      await suite.database.stopPooler();
      const used = await suite.platform.request("POST", "/api/tools/kill-switch", { "x-actor": "oncall" });
      expect(used.json).toMatchObject({ execution: { enabled: false }, audited: false });
      await suite.database.startPooler();
      await until("the audit row", async () => {
        const { rows } = await suite.database.admin.query("SELECT actor FROM kill_switch_audit");
        return rows[0]?.actor === "oncall";
      });
      expect((await suite.platform.place()).status).toBe(423);
    });
  });

  describe("market data", () => {
    const resyncs = (feed: string, reason: string) =>
      suite.platform.metric(`feed_resyncs_total{feed="${feed}",reason="${reason}"}`);

    it("at Binance is rebuilt from a new snapshot after a gap", async () => {
      const before = suite.platform.binance.snapshotsServed;
      suite.platform.binance.depth([["61000.005", "1"]], [], 3);
      await until("the gap to be noticed", async () => (await resyncs("binance", "gap")) === 1);
      await suite.platform.synced();
      expect(suite.platform.binance.snapshotsServed).toBeGreaterThan(before);
      expect((await suite.platform.get("/api/quotes/binance/BTCUSDT")).json).toMatchObject({
        bid: "61000",
        ask: "61000.01",
      });
    });

    it("at BTCTurk is subscribed to again after a gap", async () => {
      suite.platform.btcturk.change({ CP: 1, P: "61000.5", A: "1" });
      await until("the new best ask", async () => {
        return (await suite.platform.get("/api/quotes/btcturk/BTCUSDT")).json.ask === "61000.5";
      });
      suite.platform.btcturk.change({ CP: 1, P: "61000.4", A: "1" }, 1);
      await until("the gap to be noticed", async () => (await resyncs("btcturk", "gap")) === 1);
      await suite.platform.synced();
      expect((await suite.platform.get("/api/quotes/btcturk/BTCUSDT")).json).toMatchObject({ ask: "61001" });
    });

    it("at BTCTurk is subscribed to again when the whole book was lost and only changes come", async () => {
      const { btcturk } = suite.platform;
      const before = btcturk.subscriptions;
      const change = () => btcturk.change({ CP: 1, P: "61000.5", A: "1" });
      btcturk.losesBook = true;
      btcturk.change({ CP: 1, P: "61000.5", A: "1" }, 1);
      await until("another subscription", async () => btcturk.subscriptions === before + 1);
      btcturk.losesBook = false;
      for (let count = 0; count < 3; count++) change();
      await until("a third one", async () => btcturk.subscriptions === before + 2);
      await suite.platform.synced();
      expect((await suite.platform.get("/api/quotes/btcturk/BTCUSDT")).json).toMatchObject({ ask: "61001" });
    });

    it("is discarded when the book crosses", async () => {
      suite.platform.binance.depth([["61000.02", "1"]], []);
      await until("the crossing to be noticed", async () => (await resyncs("binance", "crossed")) === 1);
    });

    it("that becomes silent is reconnected, counts as stale, and blocks orders", async () => {
      await using silent = await PlatformUnderTest.start(suite.database.url, { SPARK_STALE_AFTER_MS: "300" });
      await until("the silence to be noticed", async () => {
        return (await silent.metric('feed_resyncs_total{feed="binance",reason="silent"}')) > 0;
      });
      expect(await silent.metric('feed_staleness_seconds{feed="binance"}')).toBeGreaterThan(0.3);
      expect(await silent.place()).toMatchObject({ status: 422, json: { reason: "stale_book" } });
      await silent.synced();
      expect((await silent.place()).status).toBe(201);
    });

    it("is pushed to quote sockets, which also answer pings", async () => {
      const socket = new WebSocket(`${suite.platform.url.replace("http", "ws")}/ws/quotes`);
      const messages: Record<string, unknown>[] = [];
      socket.on("message", (data) => messages.push(JSON.parse(data.toString())));
      await new Promise((resolve) => socket.once("open", resolve));
      expect(await suite.platform.metric("ws_clients")).toBe(1);
      socket.send(JSON.stringify({ type: "ping", id: 1 }));
      await until("the pong", () => messages.find((message) => message.type === "pong" && message.id === 1));
      suite.platform.bist.quote("301.25", "301.50");
      const quote = await until("the BIST quote", () => messages.find((message) => message.venue === "bist"));
      expect(quote).toMatchObject({ type: "quote", symbol: "THYAO", bid: "301.25", ask: "301.50" });
      suite.platform.binance.depth([["61000.005", "1"]], []);
      await until("the new best bid", () => messages.find((message) => message.bid === "61000.005"));
      const gone = new Promise((resolve) => socket.once("close", resolve));
      socket.close();
      await gone;
      await until(
        "the disconnect to be counted",
        async () => (await suite.platform.metric("ws_disconnects_total")) === 1,
      );
    });
  });

  describe("a reset", () => {
    it("drops everything in memory and answers with a new pool", async () => {
      await suite.platform.place();
      await suite.platform.request("POST", "/api/tools/kill-switch?scope=canary", { "x-actor": "oncall" });
      await suite.database.empty();
      expect((await suite.platform.reset()).status).toBe(200);
      expect((await suite.platform.get("/api/features/status")).json.execution.enabled).toBe(true);
      expect(await suite.platform.metric('orders_total{venue="binance",outcome="accepted"}')).toBe(0);
      await suite.platform.synced();
      expect((await suite.platform.place()).status).toBe(201);
    });

    it.each([
      ["none", {}],
      ["another one", { "kanit-token": "guessed-token-0000000000" }],
    ])("is refused to whoever shows %s of its token", async (came, headers) => {
      const answer = await suite.platform.request("POST", "/internal/reset", headers);
      expect([answer.status, answer.json.error]).toEqual([401, "token_required"]);
      expect(answer.json.message).toContain(`got ${came}`);
    });

    it("stops every write of the previous instance", async () => {
      suite.platform.binance.behavior = "hang";
      const placing = suite.platform.place();
      await until("the order at the venue", () => suite.platform.binance.orders.length === 1);
      await suite.platform.reset();
      expect((await placing).status).toBe(503);
      const { rows } = await suite.database.admin.query("SELECT status FROM orders");
      expect(rows).toEqual([{ status: "PENDING" }]);
    });
  });

  describe("pages and headers", () => {
    it.each(["/", "/dashboard"])("%s runs only scripts with its fresh nonce", async (path) => {
      const [first, second] = await Promise.all([suite.platform.get(path), suite.platform.get(path)]);
      const nonce = /'nonce-([^']+)'/.exec(first.headers.get("content-security-policy") ?? "")?.[1];
      expect(first.text).toContain(`<script nonce="${nonce}">`);
      expect(second.headers.get("content-security-policy")).not.toContain(nonce);
    });

    it.each(["/", "/dashboard", "/api/healthz"])("%s carries the security headers", async (path) => {
      const { headers } = await suite.platform.get(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        "content-security-policy": expect.stringContaining("default-src 'none'"),
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-opener-policy": "same-origin",
        "strict-transport-security": expect.stringContaining("max-age="),
        "x-content-type-options": "nosniff",
      });
    });

    it("counts violations in both forms of report, and keeps the label values few", async () => {
      const send = (type: string, body: unknown) =>
        fetch(`${suite.platform.url}/api/csp-report`, {
          method: "POST",
          headers: { "content-type": type },
          body: JSON.stringify(body),
        });
      await send("application/csp-report", { "csp-report": { "effective-directive": "img-src" } });
      await send("application/reports+json", [
        { type: "csp-violation", body: { effectiveDirective: "img-src" } },
        { type: "deprecation", body: {} },
      ]);
      await send("application/csp-report", { "csp-report": { "effective-directive": randomUUID() } });
      expect(await suite.platform.metric('csp_violations_total{directive="img-src"}')).toBe(2);
      expect(await suite.platform.metric('csp_violations_total{directive="other"}')).toBe(1);
    });

    it("counts requests under their route's template, from zero", async () => {
      expect(
        await suite.platform.metric('http_requests_total{method="GET",route="/api/orders/:id",status="404"}'),
      ).toBe(0);
      await suite.platform.get(`/api/orders/${randomUUID()}`);
      await until("the request to be counted", async () => {
        const series = 'http_requests_total{method="GET",route="/api/orders/:id",status="404"}';
        return (await suite.platform.metric(series)) === 1;
      });
    });
  });
});
