import type { Database } from "../database/database.ts";
import type { RecentOrder, VenueName } from "../venues/venue.ts";
import { accountMarkIn, accountMarkOf, orderIdOf } from "./client-order-id.ts";
import { NEVER_ARRIVED, NOT_SENT, type OrderRow } from "./order.ts";

/** The account of orders whose own account this database does not know. Somebody has to look at its positions. */
const UNASSIGNED_ACCOUNT = "unassigned";

/** What stands in the place of an order's idempotency key until its client sends that again. */
const UNKNOWN_KEY = "recovered:";

/** An order of the platform's that its venue knows. */
export interface VenueKnownOrder {
  readonly venue: VenueName;
  readonly symbol: string;
  readonly order: RecentOrder;
}

/** What is needed to write an order that is not in the database. */
type ForgottenOrder = Pick<
  OrderRow,
  "account_id" | "client_order_id" | "venue" | "symbol" | "side" | "type" | "quantity" | "price"
> & { readonly quote_quantity: string | null; readonly created_at: Date };

/**
 * Of these orders of the venues', returns those that the database has forgotten: it has no row, or it has one that says
 * that the order never got there.
 */
export async function forgottenAmong(
  database: Database,
  known: readonly VenueKnownOrder[],
): Promise<readonly VenueKnownOrder[]> {
  const ours = known.filter(({ order }) => accountMarkIn(order.clientOrderId) !== null);
  const rows = await database.query<{ client_order_id: string }>(
    `SELECT client_order_id FROM orders WHERE client_order_id = ANY($1)
     AND NOT (status = 'REJECTED' AND reject_code IN ('${NOT_SENT}', '${NEVER_ARRIVED}'))`,
    [ours.map(({ order }) => order.clientOrderId)],
  );
  const booked = new Set(rows.map((row) => row.client_order_id));
  return ours.filter(({ order }) => !booked.has(order.clientOrderId));
}

/** Writes orders that were found at their venues. An account that is not known is {@link UNASSIGNED_ACCOUNT}. */
export async function adoptFound(database: Database, found: readonly VenueKnownOrder[]): Promise<void> {
  const accounts = await database.query<{ account_id: string }>(
    "SELECT account_id FROM positions UNION SELECT account_id FROM orders UNION SELECT account_id FROM idempotency_keys",
  );
  const byMark = new Map(accounts.map(({ account_id }) => [accountMarkOf(account_id), account_id]));
  const rows = found.map(
    ({ venue, symbol, order }): ForgottenOrder => ({
      account_id: byMark.get(accountMarkIn(order.clientOrderId) ?? "") ?? UNASSIGNED_ACCOUNT,
      client_order_id: order.clientOrderId,
      ...{ venue, symbol, side: order.side, type: order.type },
      ...{ quantity: order.quantity, price: order.price, quote_quantity: null },
      created_at: new Date(order.createdAtMs),
    }),
  );
  await adopt(database, rows);
}

/**
 * Writes orders that the database does not have, each once, with an outcome that is not known yet. One that it has for
 * never sent is opened again.
 */
export async function adopt(database: Database, orders: readonly ForgottenOrder[]): Promise<void> {
  const texts = (column: Exclude<keyof ForgottenOrder, "created_at">) => orders.map((row) => row[column]);
  await database.query(
    `INSERT INTO orders AS o (id, account_id, idempotency_key, client_order_id, venue, symbol, side, type, quantity,
       price, quote_quantity, created_at, status, unknown_since, next_check_at)
     SELECT id, account, '${UNKNOWN_KEY}' || client, client, venue, symbol, side, type, quantity, price, quote, created,
       'UNKNOWN', now(), now()
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[],
       $9::numeric[], $10::numeric[], $11::timestamptz[])
       AS found (id, account, client, venue, symbol, side, type, quantity, price, quote, created)
     ON CONFLICT (client_order_id) DO UPDATE SET status = 'UNKNOWN', unknown_since = now(), next_check_at = now(),
       updated_at = now()
     WHERE o.status = 'REJECTED' AND o.reject_code IN ('${NOT_SENT}', '${NEVER_ARRIVED}')`,
    [
      orders.map((row) => orderIdOf(row.client_order_id)),
      ...[texts("account_id"), texts("client_order_id"), texts("venue"), texts("symbol"), texts("side")],
      ...[texts("type"), texts("quantity"), texts("price"), texts("quote_quantity")],
      orders.map((row) => row.created_at),
    ],
  );
}
