import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import type { LedgerQueries } from "../../definition/index.ts";
import { postgresClient } from "../../network/index.ts";
import { LEDGER_ROWS } from "./ledger-rows.ts";

const QUERY_TIMEOUT_MS = 5_000;

export type LedgerOrder = z.infer<typeof LEDGER_ROWS.orders>;
export type LedgerFill = z.infer<typeof LEDGER_ROWS.fills>;
export type LedgerPosition = z.infer<typeof LEDGER_ROWS.positions>;

/** The platform's own books, read in one snapshot. Columns are those of platform/platform.yml; some are optional. */
export interface Ledger {
  readonly orders: readonly LedgerOrder[];
  readonly fills: readonly LedgerFill[];
  readonly positions: readonly LedgerPosition[];
}

/**
 * Reads the platform's books directly from Postgres, bypassing every link and pool, in one
 * repeatable-read snapshot.
 *
 * @throws UnavailableError `ledger-unreadable` when a query fails or lacks a column.
 */
export async function readLedger(databaseUrl: string, queries: LedgerQueries): Promise<Ledger> {
  return inSnapshot(databaseUrl, async (rowsOf) => ({
    orders: z.array(LEDGER_ROWS.orders).parse(await rowsOf(queries.orders)),
    fills: z.array(LEDGER_ROWS.fills).parse(await rowsOf(queries.fills)),
    positions: z.array(LEDGER_ROWS.positions).parse(await rowsOf(queries.positions)),
  }));
}

/**
 * Reads the platform's fills alone.
 *
 * @throws UnavailableError `ledger-unreadable`.
 */
export async function readFills(
  databaseUrl: string,
  { fills }: LedgerQueries,
): Promise<readonly LedgerFill[]> {
  return inSnapshot(databaseUrl, async (rowsOf) => z.array(LEDGER_ROWS.fills).parse(await rowsOf(fills)));
}

async function inSnapshot<Read>(
  databaseUrl: string,
  read: (rowsOf: (query: string) => Promise<unknown>) => Promise<Read>,
): Promise<Read> {
  const client = postgresClient(databaseUrl, {
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  try {
    await client.connect();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await read(async (query) => (await client.query(query)).rows);
  } catch (error) {
    throw new UnavailableError({
      code: "ledger-unreadable",
      message: `Expected the platform's books from its database, got: ${String(error).slice(0, 300)}.`,
      nextStep: "Check the `ledger` queries of the platform's definition against its tables.",
      cause: error,
    });
  } finally {
    await client.end();
  }
}
