import { describe, expect, it } from "vitest";
import { PlatformUnderTest } from "./testing/platform-under-test.ts";
import { usePlatform } from "./testing/suite.ts";
import { databaseAvailable } from "./testing/test-database.ts";
import { until } from "./testing/until.ts";

describe.skipIf(!databaseAvailable)("the kill switch", () => {
  const suite = usePlatform();

  const use = (
    query: string,
    headers: Record<string, string> = { "x-actor": "oncall", "x-reason": "drill" },
  ) => suite.platform.request("POST", `/api/tools/kill-switch${query}`, headers);

  it("audits a dry run and changes nothing", async () => {
    expect((await use("?dry_run=true")).json).toMatchObject({
      dryRun: true,
      actor: "oncall",
      reason: "drill",
      execution: { enabled: true },
      audited: true,
    });
    expect((await suite.platform.place()).status).toBe(201);
  });

  it("stops orders, but not the answers to those that were placed, until it is enabled again", async () => {
    const before = await suite.platform.place({}, "before");
    await use("?scope=canary");
    expect((await suite.platform.get("/api/features/status")).json.execution.enabled).toBe(false);
    expect(await suite.platform.metric("execution_enabled")).toBe(0);
    expect(await suite.platform.place()).toMatchObject({
      status: 423,
      json: { error: "execution_disabled" },
    });
    expect((await suite.platform.place({}, "before")).text).toBe(before.text);
    await use("?scope=canary&enable=true");
    expect((await suite.platform.place()).status).toBe(201);
    const { rows } = await suite.database.admin.query(
      "SELECT scope, enabled FROM kill_switch_audit ORDER BY id",
    );
    expect(rows).toEqual([
      { scope: "canary", enabled: false },
      { scope: "canary", enabled: true },
    ]);
  });

  it("reaches the other processes", async () => {
    await using other = await PlatformUnderTest.start(suite.database.url);
    await use("");
    await until("the other process to stop", async () => {
      return (await other.get("/api/features/status")).json.execution.enabled === false;
    });
  });

  it("stops every process of the canary by one of them, and none of the stable version", async () => {
    await using canary = await PlatformUnderTest.start(suite.database.url, { SPARK_ARM: "canary" });
    await using stable = await PlatformUnderTest.start(suite.database.url, { SPARK_ARM: "stable" });
    await use("?scope=canary");
    await until("the other process of the canary to stop", async () => {
      return (await canary.place()).status === 423;
    });
    expect((await stable.place()).status).toBe(201);
  });

  it("stays used after a restart, before the process has been asked anything", async () => {
    await use("?scope=canary");
    await using restarted = await PlatformUnderTest.start(suite.database.url, { SPARK_ARM: "canary" });
    expect((await restarted.place()).status).toBe(423);
  });

  it("executes nothing while it cannot be read after a start, and keeps what it knows later on", async () => {
    const { admin } = suite.database;
    await admin.query("ALTER TABLE kill_switch_audit RENAME TO kill_switch_away");
    try {
      await using started = await PlatformUnderTest.start(suite.database.url);
      expect((await started.place()).status).toBe(423);
      expect((await suite.platform.place()).status).toBe(201);
    } finally {
      await admin.query("ALTER TABLE kill_switch_away RENAME TO kill_switch_audit");
    }
  });

  it("requires the name of its user", async () => {
    expect(await use("", {})).toMatchObject({ status: 400, json: { error: "actor_required" } });
  });
});
