import { beforeEach, describe, expect, it } from "vitest";
import { PlatformUnderTest } from "./testing/platform-under-test.ts";
import { useDatabase } from "./testing/suite.ts";
import { databaseAvailable } from "./testing/test-database.ts";
import { until } from "./testing/until.ts";

describe.skipIf(!databaseAvailable)("a planted defect that only a corner case shows", () => {
  const suite = useDatabase();

  beforeEach(async () => {
    await suite.database.empty();
  });

  it("outbox-own-clock removes what is older than a minute by its own clock, delivered or not", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "outbox-own-clock",
    });
    const { json } = await defective.place();
    const { admin } = suite.database;
    const events = async () => {
      const read = "SELECT 1 FROM outbox_events WHERE aggregate_id = $1";
      return (await admin.query(read, [json.id])).rows.length;
    };
    expect(await events()).toBeGreaterThan(0);
    // The other way round: the clock of the database was minutes behind.
    await admin.query("UPDATE outbox_events SET created_at = now() - interval '5 minutes'");
    await until("the events to be removed", async () => (await events()) === 0);
  });

  it("report-labels makes a series of each text that a browser reports", async () => {
    await using defective = await PlatformUnderTest.start(suite.database.url, {
      SPARK_DEFECTS: "report-labels",
    });
    const report = JSON.stringify({ "csp-report": { "effective-directive": "made-up-1" } });
    const headers = { "content-type": "application/csp-report" };
    await fetch(new URL("/api/csp-report", defective.url), { method: "POST", headers, body: report });
    expect(await defective.metric('csp_violations_total{directive="made-up-1"}')).toBe(1);
  });
});
