import type { LabAddresses } from "../../lab/index.ts";
import { requestHttp } from "../../network/index.ts";
import type { ProbeContext } from "../engine/check.ts";
import { queryRows, type TextRow } from "../engine/sql.ts";
import { inParallel } from "./in-parallel.ts";

const AT_ONCE = 10;
const POLL_MS = 200;
const SETTLED_WITHIN_MS = 20_000;

/** A market order of an experiment. */
interface LabOrder {
  readonly account: string;
  readonly key: string;
  readonly quantity: string;
}

/** Sends orders to buy BTC at Binance; returns the statuses of the answers, in their order. */
export function sendOrders(
  { platform }: Pick<LabAddresses, "platform">,
  orders: readonly LabOrder[],
  { signal }: Pick<ProbeContext, "signal">,
  atOnce = AT_ONCE,
): Promise<readonly number[]> {
  return inParallel(orders, atOnce, async ({ account, key, quantity }) => {
    const order = { accountId: account, venue: "binance", symbol: "BTCUSDT", side: "buy", type: "market" };
    const { status } = await requestHttp(new URL("/api/orders", platform), {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify({ ...order, quantity }),
      signal,
    });
    return status;
  });
}

/** The orders of an account as the platform has stored them, once each has an outcome or the time is over. */
export async function settledOrders(
  { databaseUrl }: Pick<LabAddresses, "databaseUrl">,
  account: string,
  { clock, signal }: Pick<ProbeContext, "clock" | "signal">,
): Promise<readonly TextRow[]> {
  const query = `SELECT id::text, client_order_id, idempotency_key, status::text, executed_quantity::text,
      executed_quote::text FROM orders WHERE account_id = '${account}' ORDER BY created_at, id`;
  const beganMs = clock.monotonicMs();
  for (;;) {
    const [rows = []] = await queryRows(databaseUrl, [query], signal);
    const open = rows.filter(({ status }) => status !== "FILLED" && status !== "REJECTED");
    if (open.length === 0 || clock.monotonicMs() - beganMs > SETTLED_WITHIN_MS) return rows;
    await clock.sleep(POLL_MS, signal);
  }
}

/** The fills of an account as the platform has stored them, with what Postgres makes of each price and quantity. */
export async function storedFills(
  { databaseUrl }: Pick<LabAddresses, "databaseUrl">,
  account: string,
  signal: AbortSignal,
): Promise<readonly TextRow[]> {
  const query = `SELECT o.id::text AS order_id, f.venue_trade_id, f.symbol, f.price::text, f.quantity::text,
      f.cost::text, f.fee::text, f.fee_asset, trunc(f.price * f.quantity, 8)::text AS computed
    FROM fills f JOIN orders o ON o.id = f.order_id WHERE o.account_id = '${account}' ORDER BY f.executed_at, f.id`;
  const [rows = []] = await queryRows(databaseUrl, [query], signal);
  return rows;
}
