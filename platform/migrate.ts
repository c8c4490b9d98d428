/** Spark's migrations as a program: `DATABASE_URL=postgres://… node migrate.ts`. */
import pg from "pg";
import { MigrationError, messageOf, SparkError } from "./errors.ts";
import { applyMigrations } from "./migrations.ts";

async function runFromShell(url: string | undefined): Promise<void> {
  if (url === undefined || url === "") {
    process.stderr.write("spark: Expected DATABASE_URL, got nothing. Set it to a postgres:// URL.\n");
    process.exitCode = 64;
    return;
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const applied = await applyMigrations(client);
    process.stdout.write(`${JSON.stringify({ event: "migrated", applied })}\n`);
  } catch (error) {
    const nextStep = error instanceof SparkError ? error.nextStep : "Is the database up and the URL right?";
    process.stderr.write(`spark: ${messageOf(error)} ${nextStep}\n`);
    process.exitCode = error instanceof MigrationError ? 70 : 69;
  } finally {
    await client.end();
  }
}

// biome-ignore lint/style/noProcessEnv: a program of its own, this file is the edge.
await runFromShell(process.env.DATABASE_URL);
