import { UsageError } from "../../core/index.ts";
import type { LedgerQueries } from "../../definition/index.ts";
import { postgresClient } from "../../network/index.ts";
import { type LedgerMistake, ledgerMistakes, type ReturnedColumn } from "../observation/ledger-mistakes.ts";
import { LEDGER_TABLES, type LedgerTable } from "../observation/ledger-rows.ts";

const QUERY_TIMEOUT_MS = 5_000;

/**
 * Asks the platform's database for the columns of its books, before there is anything in them.
 *
 * @throws what Postgres says of a connection; what it says of a query is a mistake of that query.
 */
export async function findLedgerMistakes(
  databaseUrl: string,
  queries: LedgerQueries,
): Promise<readonly LedgerMistake[]> {
  const client = postgresClient(databaseUrl, {
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  // Without a listener, a connection that breaks would end the process; the query rejects anyway.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const mistakes: LedgerMistake[] = [];
    for (const table of LEDGER_TABLES) {
      const returned = await returnedColumns(client, queries[table]).catch((error: unknown) => error);
      mistakes.push(
        ...(Array.isArray(returned)
          ? ledgerMistakes(table, returned as ReturnedColumn[])
          : [refusedQuery(table, returned)]),
      );
    }
    return mistakes;
  } finally {
    await client.end();
  }
}

/**
 * Checks that the books of a platform can be read as its definition says.
 *
 * @throws UsageError `bad-ledger` with a line for each column that is missing or of another type.
 */
export async function proveLedger(databaseUrl: string, queries: LedgerQueries): Promise<void> {
  const mistakes = await findLedgerMistakes(databaseUrl, queries);
  if (mistakes.length === 0) return;
  const lines = mistakes.map(({ table, problem, fix }) => `ledger.${table}: ${problem} (${fix})`);
  throw new UsageError({
    code: "bad-ledger",
    message: `Expected the ledger queries of the platform's definition to fit its tables, got ${lines.join("; ")}.`,
    nextStep:
      "docs/own-platform.md has the columns; `kanit check-platform` shows each with its place in the file.",
  });
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

async function returnedColumns(
  client: ReturnType<typeof postgresClient>,
  query: string,
): Promise<readonly ReturnedColumn[]> {
  await client.query("BEGIN READ ONLY");
  try {
    const { fields } = (await client.query(query)) as unknown as { readonly fields: readonly Field[] };
    const { rows } = await client.query<{ oid: number; typname: string; typtype: string }>(
      "SELECT oid, typname, typtype FROM pg_type WHERE oid = ANY($1)",
      [fields.map(({ dataTypeID }) => dataTypeID)],
    );
    const types = new Map(rows.map((row) => [row.oid, row]));
    return fields.map(({ name, dataTypeID }) => ({
      name,
      type: types.get(dataTypeID)?.typname ?? "an unknown type",
      isEnum: types.get(dataTypeID)?.typtype === "e",
    }));
  } finally {
    await client.query("ROLLBACK");
  }
}

function refusedQuery(table: LedgerTable, error: unknown): LedgerMistake {
  const said = error instanceof Error ? error.message.replaceAll(/\s*\n\s*/g, " ") : String(error);
  const hint = error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : "";
  const fix = hint === "" ? "correct the query" : hint.replaceAll(/\s*\n\s*/g, " ").replace(/\.$/, "");
  return { table, column: null, problem: `expected a query that Postgres accepts, got: ${said}`, fix };
}
