import { z } from "zod";

const amount = z.string().regex(/^-?\d+(\.\d+)?$/);

const order = z.object({
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

const fill = z.object({
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

const position = z.object({
  account_id: z.string(),
  symbol: z.string(),
  quantity: amount,
  /** For a platform that keeps profit and loss: what the open quantity cost (long) or brought in (short). */
  cost: amount.optional(),
  /** The profit of all positions of the account and symbol, closed ones included. */
  realized: amount.optional(),
});

/** The rows of a platform's books, by query; columns that may be left out are optional. */
export const LEDGER_ROWS = { orders: order, fills: fill, positions: position } as const;

export type LedgerTable = keyof typeof LEDGER_ROWS;

export const LEDGER_TABLES = ["orders", "fills", "positions"] as const satisfies readonly LedgerTable[];

/** What a column of the books must hold. */
type ColumnKind = "text" | "boolean" | "whole number";

/** A column that a query of the books must or may have. */
export interface LedgerColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly isRequired: boolean;
}

/** The columns that a query must have, and those that it may have. */
export function columnsOf(table: LedgerTable): readonly LedgerColumn[] {
  return Object.entries(LEDGER_ROWS[table].shape).map(([name, schema]) => ({
    name,
    kind: kindOf(schema),
    isRequired: !schema.safeParse(undefined).success,
  }));
}

function kindOf(schema: z.ZodType): ColumnKind {
  if (schema.safeParse(true).success) return "boolean";
  return schema.safeParse(1).success ? "whole number" : "text";
}
