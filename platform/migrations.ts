import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { MigrationError, messageOf } from "./errors.ts";

/** Where Prisma keeps the migrations: a folder each, `<14 digits>_<name>/migration.sql`. */
export const MIGRATIONS_DIRECTORY = fileURLToPath(new URL("./prisma/migrations/", import.meta.url));

/** Prisma's own migrations table, with the same columns. */
const LEDGER = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

interface Migration {
  readonly name: string;
  readonly script: string;
  /** SHA-256 of the file's bytes, in hex, as Prisma computes it. */
  readonly checksum: string;
}

type Applied = { migration_name: string; checksum: string; finished_at: Date | null; logs: string | null };

/**
 * Applies every migration that is not yet in the migrations table, in order, as `prisma migrate deploy` does,
 * and returns the names of those that it applied. Each runs in one transaction that locks the table, so two
 * runs at once are safe, through a transaction pooler too.
 *
 * @throws MigrationError `changed-migration` when a file was changed after it was applied,
 *   `missing-migration` when it was deleted, `failed-migration` when one failed, now or before.
 */
export async function applyMigrations(
  client: pg.ClientBase,
  directory: string = MIGRATIONS_DIRECTORY,
): Promise<string[]> {
  const migrations = await readMigrations(directory);
  await client.query(LEDGER);
  const applied: string[] = [];
  for (const migration of migrations) {
    if (await applyOnce(client, migration)) applied.push(migration.name);
  }
  refuseDrift(await ledgerOf(client), new Map(migrations.map((each) => [each.name, each])));
  return applied;
}

async function ledgerOf(client: pg.ClientBase): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    `SELECT migration_name, checksum, finished_at, logs FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

/** Returns whether it had to be applied. */
async function applyOnce(client: pg.ClientBase, migration: Migration): Promise<boolean> {
  await client.query("BEGIN; LOCK TABLE _prisma_migrations IN SHARE ROW EXCLUSIVE MODE");
  try {
    const ledger = await ledgerOf(client);
    refuseDrift(
      ledger.filter((row) => row.migration_name === migration.name),
      new Map([[migration.name, migration]]),
    );
    if (ledger.some((row) => row.migration_name === migration.name)) {
      await client.query("ROLLBACK");
      return false;
    }
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at)
       VALUES ($1, $2, $3, clock_timestamp())`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query(migration.script);
    await client.query(
      `UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1
       WHERE migration_name = $1 AND rolled_back_at IS NULL`,
      [migration.name],
    );
    await client.query("COMMIT");
    return true;
  } catch (error) {
    await client.query("ROLLBACK");
    if (error instanceof MigrationError) throw error;
    return await recordFailure(client, migration, error);
  }
}

async function recordFailure(client: pg.ClientBase, migration: Migration, error: unknown): Promise<never> {
  await client.query(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs) VALUES ($1, $2, $3, $4)",
    [randomUUID(), migration.checksum, migration.name, messageOf(error)],
  );
  throw new MigrationError({
    code: "failed-migration",
    message: `Expected ${migration.name} to apply, the database answered: ${messageOf(error)}.`,
    nextStep: "Repair the script or the database, then mark the row in _prisma_migrations as rolled back.",
    cause: error,
  });
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && /^\d{14}_\w+$/.test(entry.name));
  const names = folders.map((entry) => entry.name).sort();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(`${directory}/${name}/migration.sql`);
      return {
        name,
        script: bytes.toString("utf8"),
        checksum: createHash("sha256").update(bytes).digest("hex"),
      };
    }),
  );
}

function refuseDrift(applied: readonly Applied[], files: ReadonlyMap<string, Migration>): void {
  for (const row of applied) {
    const file = files.get(row.migration_name);
    if (file === undefined) {
      throw new MigrationError({
        code: "missing-migration",
        message: `Expected a file for the applied migration ${row.migration_name}, found none.`,
        nextStep: "Restore the file: an applied migration stays in the repository.",
      });
    }
    if (row.finished_at === null) {
      throw new MigrationError({
        code: "failed-migration",
        message: `Expected finished migrations only, but ${row.migration_name} failed: ${row.logs ?? "no log"}.`,
        nextStep: "Repair the database, then mark the row in _prisma_migrations as rolled back.",
      });
    }
    if (file.checksum !== row.checksum) {
      throw new MigrationError({
        code: "changed-migration",
        message: `Expected ${row.migration_name} with checksum ${row.checksum}, its file has ${file.checksum}.`,
        nextStep: "Never edit an applied migration: undo the edit and add a new one.",
      });
    }
  }
}
