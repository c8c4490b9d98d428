import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import type { LedgerQueries } from "../../definition/index.ts";
import { postgresClient } from "../../network/index.ts";

const QUERY_TIMEOUT_MS = 5_000;

const amount = z.string().regex(/^-?\d+(\.\d+)?$/);

const orderSchema = z.object({
  order_id: z.string(),
  client_order_id: z.string(),
  venue: z.string(),
  symbol: z.string(),
  side: z.string().toLowerCase(),
  status: z.string(),
  settled: z.boolean(),
  executed_quantity: amount,
  idempotency_key: z.string().nullable(),
  /** For a platform with accounts. */
  account_id: z.string().optional(),
  /** For a platform that publishes events of its orders: the content of the order's last event. */
  event_status: z.string().nullable().optional(),
  event_executed_quantity: amount.nullable().optional(),
  /** How many of the order's events were not delivered yet. */
  undelivered_events: z.int().optional(),
});

const fillSchema = z.object({
  venue: z.string(),
  symbol: z.string(),
  venue_trade_id: z.string(),
  client_order_id: z.string(),
  side: z.string().toLowerCase(),
  price: amount,
  quantity: amount,
  cost: amount,
  fee: amount,
  fee_asset: z.string(),
  /** For a platform with accounts. */
  account_id: z.string().optional(),
});

const positionSchema = z.object({
  account_id: z.string(),
  symbol: z.string(),
  quantity: amount,
  /** For a platform that keeps profit and loss: what the open quantity cost (long) or brought in (short). */
  cost: amount.optional(),
  /** The profit of all positions of the account and symbol, closed ones included. */
  realized: amount.optional(),
});

export type LedgerOrder = z.infer<typeof orderSchema>;
export type LedgerFill = z.infer<typeof fillSchema>;
export type LedgerPosition = z.infer<typeof positionSchema>;

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
  const client = postgresClient(databaseUrl, {
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  try {
    await client.connect();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const orders = z.array(orderSchema).parse((await client.query(queries.orders)).rows);
    const fills = z.array(fillSchema).parse((await client.query(queries.fills)).rows);
    const positions = z.array(positionSchema).parse((await client.query(queries.positions)).rows);
    return { orders, fills, positions };
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
