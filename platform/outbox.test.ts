import pg from "pg";
import { describe, expect, it } from "vitest";
import { Database } from "./database/database.ts";
import { Metrics } from "./metrics.ts";
import { dispatchBatch } from "./runtime/outbox-dispatcher.ts";
import { useDatabase } from "./testing/suite.ts";
import { databaseAvailable } from "./testing/test-database.ts";

const NO_DEFECTS = new Set<never>();

describe.skipIf(!databaseAvailable)("two dispatchers of one outbox", () => {
  const suite = useDatabase();

  it("deliver the events of an aggregate in their order, each once, and do not wait for each other", async () => {
    const { admin, url } = suite.database;
    await admin.query(
      `INSERT INTO outbox_events (topic, aggregate_id, payload)
       VALUES ('t', 'a', '1'), ('t', 'a', '2'), ('t', 'b', '3'), ('t', 'a', '4')`,
    );
    const database = new Database({
      ...{ url, poolSize: 2, timeoutMs: 10_000, defects: NO_DEFECTS },
      onIdleError: () => undefined,
    });
    const delivered: unknown[] = [];
    const dispatch = () =>
      dispatchBatch(database, ({ payload }) => delivered.push(payload), new Metrics(), NO_DEFECTS);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    try {
      await other.query("BEGIN; SELECT 1 FROM outbox_events WHERE payload = '1' FOR UPDATE");
      expect(await dispatch()).toBe(1);
      expect(delivered).toEqual([3]);
      await other.query("ROLLBACK");
      expect(await dispatch()).toBe(3);
      expect(delivered).toEqual([3, 1, 2, 4]);
      expect(await dispatch()).toBe(0);
    } finally {
      await other.end();
      database.end();
    }
  });
});
