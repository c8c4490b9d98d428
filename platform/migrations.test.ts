import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyMigrations, MIGRATIONS_DIRECTORY } from "./migrations.ts";
import { useDatabase } from "./testing/suite.ts";
import { databaseAvailable } from "./testing/test-database.ts";

const FIRST = "20240901090000_init";

describe.skipIf(!databaseAvailable)("migrations", () => {
  const suite = useDatabase();
  let client: pg.Client;
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "spark-migrations-"));
    await cp(MIGRATIONS_DIRECTORY, directory, { recursive: true });
    await suite.database.admin.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    client = new pg.Client({ connectionString: suite.database.url });
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await rm(directory, { recursive: true, force: true });
  });

  const ledger = async () =>
    (await client.query("SELECT * FROM _prisma_migrations ORDER BY started_at")).rows;

  it("are applied once, in order, with Prisma's checksums, through a transaction pooler", async () => {
    const names = (await readdir(directory)).filter((name) => /^\d{14}_/.test(name)).sort();
    expect(await applyMigrations(client, directory)).toEqual(names);
    expect(await applyMigrations(client, directory)).toEqual([]);
    const bytes = await readFile(join(directory, FIRST, "migration.sql"));
    const [first] = await ledger();
    expect(first).toMatchObject({
      migration_name: FIRST,
      checksum: createHash("sha256").update(bytes).digest("hex"),
      finished_at: expect.any(Date),
      logs: null,
      rolled_back_at: null,
      applied_steps_count: 1,
    });
  });

  it("are applied once when two start at the same time", async () => {
    const names = (await readdir(directory)).filter((name) => /^\d{14}_/.test(name));
    const other = new pg.Client({ connectionString: suite.database.url });
    await other.connect();
    await client.query("SELECT 1");
    const applied = await Promise.allSettled([
      applyMigrations(client, directory),
      applyMigrations(other, directory),
    ]);
    await other.end();
    expect(applied.flatMap((each) => (each.status === "fulfilled" ? each.value : []))).toHaveLength(
      names.length,
    );
    expect(await ledger()).toHaveLength(names.length);
  });

  it("are refused when an applied file was changed", async () => {
    await applyMigrations(client, directory);
    await writeFile(join(directory, FIRST, "migration.sql"), "SELECT 1;");
    await expect(applyMigrations(client, directory)).rejects.toMatchObject({ code: "changed-migration" });
  });

  it("are refused when an applied file is missing", async () => {
    await applyMigrations(client, directory);
    await rm(join(directory, FIRST), { recursive: true });
    await expect(applyMigrations(client, directory)).rejects.toMatchObject({ code: "missing-migration" });
  });

  it("leave nothing but a record behind when one fails, and stop there", async () => {
    const script = "CREATE TABLE half (id int); SELECT nothing_of_that_name;";
    await writeFile(join(directory, FIRST, "migration.sql"), script);
    await expect(applyMigrations(client, directory)).rejects.toMatchObject({ code: "failed-migration" });
    expect(await ledger()).toMatchObject([
      { finished_at: null, logs: expect.stringContaining("nothing_of_that_name") },
    ]);
    expect((await client.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }]);
    await expect(applyMigrations(client, directory)).rejects.toMatchObject({ code: "failed-migration" });
  });

  it("allow one open position for each account and symbol", async () => {
    await applyMigrations(client, directory);
    const open =
      "INSERT INTO positions (account_id, symbol, quantity, cost, status) VALUES ('a', 'BTCUSDT', 1, 1, $1)";
    await client.query(open, ["CLOSED"]);
    await client.query(open, ["CLOSED"]);
    await client.query(open, ["OPEN"]);
    await expect(client.query(open, ["OPEN"])).rejects.toMatchObject({ code: "23505" });
  });
});
