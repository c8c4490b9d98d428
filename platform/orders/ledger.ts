import type { Database, Queryable, Transaction } from "../database/database.ts";
import type { Defects } from "../defects.ts";
import { MoneyError, SparkError } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import { amount, amountText, Decimal, quoteAmount } from "../money.ts";
import type { VenueReport } from "../venues/venue.ts";
import { type Answer, answerOf } from "./answer.ts";
import {
  FINAL_STATUSES,
  type FillRow,
  NEVER_ARRIVED,
  type OrderRow,
  type OrderStatus,
  type OrderView,
  viewOf,
} from "./order.ts";
import { type CostedFill, movePosition } from "./position-store.ts";
import { IS_RECONCILED } from "./timeline.ts";

export const ORDER_COLUMNS = `id, account_id, client_order_id, venue, symbol, side, type, quantity::text,
  price::text, quote_quantity::text, status, venue_order_id, venue_executed_quantity::text,
  executed_quantity::text, executed_quote::text, reject_code, reject_message, attempt, next_check_at, created_at, updated_at`;
const FILL_COLUMNS =
  "venue_trade_id, price::text, quantity::text, cost::text, fee::text, fee_asset, executed_at";

/** The database does not have an order that it had: it was restored to an earlier moment. */
export class OrderForgottenError extends SparkError {
  override readonly name = "OrderForgottenError";

  constructor(id: string) {
    super({
      code: "order-forgotten",
      message: `Expected the order ${id} in the database, found none.`,
      nextStep: "Write it again: its venue may have it.",
    });
  }
}

type Row<Shape> = Shape & Record<string, unknown>;

export interface LedgerOptions {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly defects: Defects;
  /** The delay before an order whose fills are incomplete is looked up again, in ms. */
  readonly followIntervalMs: number;
}

/**
 * Writes what venues report into the database. Every change of an order, its fills, the position, the outbox
 * and the stored answer is one transaction under the order's row lock, and writing the same report twice
 * changes nothing. The request itself, the reconciler and another instance may therefore write at any time.
 */
export class Ledger {
  readonly #options: LedgerOptions;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** An order with its fills. Undefined without one, and in a database that was restored and is not reconciled. */
  async find(id: string): Promise<{ row: OrderRow; view: OrderView } | undefined> {
    const { database } = this.#options;
    const [row] = await database.query<Row<OrderRow>>(
      `SELECT ${ORDER_COLUMNS} FROM orders WHERE id = $1 AND ${IS_RECONCILED}`,
      [id],
    );
    return row === undefined ? undefined : { row, view: viewOf(row, await this.#fillsOf(database, id)) };
  }

  /** Records a venue's report of an order, and returns the order's answer. */
  async recordReport(id: string, report: VenueReport): Promise<Answer> {
    try {
      return await this.#options.database.transaction((transaction) => this.#record(transaction, id, report));
    } catch (error) {
      if (error instanceof MoneyError) this.#options.metrics.decimalErrors.inc();
      throw error;
    }
  }

  /** Records that the venue refused the order. */
  recordRejection(id: string, code: string, message: string): Promise<Answer> {
    return this.#options.database.transaction(async (transaction) => {
      const [row] = await transaction.query<Row<OrderRow>>(
        `UPDATE orders SET status = 'REJECTED', reject_code = $2, reject_message = $3, next_check_at = NULL,
           unknown_since = NULL, updated_at = now()
         WHERE id = $1 AND status IN ('PENDING', 'UNKNOWN') RETURNING ${ORDER_COLUMNS}`,
        [id, code, message],
      );
      return this.#publish(transaction, id, row);
    });
  }

  /** Records that an order's outcome is unknown; from now on the reconciler looks it up. */
  async recordUnknown(id: string): Promise<Answer> {
    return this.#options.database.transaction(async (transaction) => {
      const [row] = await transaction.query<Row<OrderRow>>(
        `UPDATE orders SET status = 'UNKNOWN', unknown_since = COALESCE(unknown_since, now()),
           next_check_at = now(), updated_at = now()
         WHERE id = $1 AND status IN ('PENDING', 'UNKNOWN') RETURNING ${ORDER_COLUMNS}`,
        [id],
      );
      return this.#publish(transaction, id, row);
    });
  }

  /**
   * Records that an order never reached its venue, unless another attempt has started meanwhile. Returns
   * whether it was recorded.
   */
  async recordNeverArrived(id: string, attempt: number): Promise<boolean> {
    return this.#options.database.transaction(async (transaction) => {
      const [row] = await transaction.query<Row<OrderRow>>(
        `UPDATE orders SET status = 'REJECTED', reject_code = $3,
           reject_message = 'The venue does not know the order.', next_check_at = NULL, unknown_since = NULL,
           updated_at = now()
         WHERE id = $1 AND attempt = $2 AND status = 'UNKNOWN' RETURNING ${ORDER_COLUMNS}`,
        [id, attempt, NEVER_ARRIVED],
      );
      if (row === undefined) return false;
      await this.#publish(transaction, id, row);
      return true;
    });
  }

  /** Stores the answer for a key whose order was found at its venue, and returns it. */
  async answerRecovered(id: string): Promise<Answer> {
    const found = await this.find(id);
    if (found === undefined) throw new OrderForgottenError(id);
    const answer = answerOf(found.view);
    await this.#options.database.query(
      `UPDATE idempotency_keys SET response_status = $2, response_body = $3
       WHERE order_id = $1 AND (response_status IS NULL OR response_status = 202)`,
      [id, answer.status, answer.body],
    );
    return answer;
  }

  async #record(transaction: Transaction, id: string, report: VenueReport): Promise<Answer> {
    const [row] = await transaction.query<Row<OrderRow & { now: Date }>>(
      `SELECT ${ORDER_COLUMNS}, now() FROM orders WHERE id = $1 FOR UPDATE`,
      [id],
    );
    if (row === undefined) throw new OrderForgottenError(id);
    const newFills = await this.#storeFills(transaction, row, report);
    const sum = (start: string, part: (fill: CostedFill) => Decimal) =>
      newFills.reduce((total, fill) => total.plus(part(fill)), amount(start));
    const executed = sum(row.executed_quantity, (fill) => fill.quantity);
    const reportedQuantity = Decimal.max(
      report.executedQuantity ?? executed,
      amount(row.venue_executed_quantity),
    );
    const status = nextStatus(row.status, report.status, executed);
    // For an order in the quote asset the venue reports no quantity, so at least one fill must have come
    // before FILLED is complete.
    const awaited = report.executedQuantity === null && status === "FILLED" && executed.isZero();
    const complete = executed.gte(reportedQuantity) && !awaited;
    if (newFills.length === 0 && status === row.status && complete && row.venue_order_id !== null) {
      if (row.next_check_at !== null) {
        await transaction.query("UPDATE orders SET next_check_at = NULL WHERE id = $1", [id]);
      }
      return answerOf(viewOf(row, await this.#fillsOf(transaction, id)));
    }
    const changed: OrderRow = {
      ...row,
      status,
      venue_order_id: report.venueOrderId,
      venue_executed_quantity: amountText(reportedQuantity),
      executed_quantity: amountText(executed),
      executed_quote: amountText(sum(row.executed_quote, (fill) => fill.cost)),
      updated_at: row.now,
    };
    const answer = answerOf(viewOf(changed, await this.#fillsOf(transaction, id)));
    await this.#writeChange(transaction, changed, complete, answer);
    if (newFills.length > 0) {
      const owner = { accountId: row.account_id, symbol: row.symbol, side: row.side };
      await movePosition(transaction, owner, newFills);
    }
    return answer;
  }

  /** The order, its event and its stored answer, in one statement. */
  async #writeChange(
    transaction: Queryable,
    order: OrderRow,
    complete: boolean,
    answer: Answer,
  ): Promise<void> {
    await transaction.query(
      `WITH changed AS (
         UPDATE orders SET status = $2::order_status, venue_order_id = $3, venue_executed_quantity = $4,
           executed_quantity = $5, executed_quote = $6, unknown_since = NULL, reject_code = NULL,
           reject_message = NULL, updated_at = now(),
           next_check_at = CASE WHEN $7 THEN NULL ELSE now() + $8 * interval '1 millisecond' END
         WHERE id = ($1::text)::uuid
       ), event AS (
         INSERT INTO outbox_events (topic, aggregate_id, payload) SELECT 'order.changed', $1::text, $9::jsonb
         WHERE $9::jsonb ->> 'status' <> $12
       )
       UPDATE idempotency_keys SET response_status = $10, response_body = $11
       WHERE order_id = ($1::text)::uuid AND (response_status IS NULL OR response_status = 202)`,
      [
        order.id,
        order.status,
        order.venue_order_id,
        order.venue_executed_quantity,
        order.executed_quantity,
        order.executed_quote,
        complete,
        this.#options.followIntervalMs,
        eventOf(order),
        answer.status,
        answer.body,
        this.#options.defects.has("lost-event") ? "FILLED" : "", // DEFECT lost-event
      ],
    );
  }

  /** Stores the fills that are not stored yet, and returns those. */
  async #storeFills(transaction: Queryable, row: OrderRow, report: VenueReport): Promise<CostedFill[]> {
    if (report.fills.length === 0) return [];
    const fills = report.fills.map((fill): CostedFill => ({ ...fill, cost: this.#costOf(fill) }));
    const stored = await transaction.query<{ venue_trade_id: string }>(
      `INSERT INTO fills (order_id, venue, symbol, venue_trade_id, price, quantity, cost, fee, fee_asset, executed_at)
       SELECT $1::uuid, $2, $3, * FROM unnest($4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[],
         $9::text[], $10::timestamptz[])
       ON CONFLICT (venue, symbol, venue_trade_id, order_id) DO NOTHING RETURNING venue_trade_id`,
      [
        row.id,
        row.venue,
        row.symbol,
        fills.map((fill) => fill.tradeId),
        fills.map((fill) => amountText(fill.price)),
        fills.map((fill) => amountText(fill.quantity)),
        fills.map((fill) => amountText(fill.cost)),
        fills.map((fill) => amountText(fill.fee)),
        fills.map((fill) => fill.feeAsset),
        fills.map((fill) => new Date(fill.executedAtMs)),
      ],
    );
    const fresh = new Set(stored.map((each) => each.venue_trade_id));
    return fills.filter((fill) => fresh.has(fill.tradeId));
  }

  #costOf(fill: { readonly price: Decimal; readonly quantity: Decimal }): Decimal {
    if (this.#options.defects.has("float-money")) {
      return new Decimal(Number(fill.price) * Number(fill.quantity)).toDecimalPlaces(18); // DEFECT float-money
    }
    if (this.#options.defects.has("unrounded-cost")) {
      return fill.price.times(fill.quantity).div("1.001"); // DEFECT unrounded-cost
    }
    if (this.#options.defects.has("tick-too-much")) {
      return quoteAmount(fill.price, fill.quantity).plus("0.00000001"); // DEFECT tick-too-much
    }
    return quoteAmount(fill.price, fill.quantity);
  }

  /** Writes the change's event and the answer for repeated requests. Without a change it only reads them. */
  async #publish(transaction: Queryable, id: string, changed: OrderRow | undefined): Promise<Answer> {
    const row = changed ?? (await this.#rowOf(transaction, id));
    const answer = answerOf(viewOf(row, await this.#fillsOf(transaction, id)));
    if (changed === undefined) return answer;
    await transaction.query(
      `WITH event AS (
         INSERT INTO outbox_events (topic, aggregate_id, payload) VALUES ('order.changed', $1::text, $2::jsonb)
       )
       UPDATE idempotency_keys SET response_status = $3, response_body = $4
       WHERE order_id = $1::uuid AND (response_status IS NULL OR response_status = 202)`,
      [id, eventOf(row), answer.status, answer.body],
    );
    return answer;
  }

  async #rowOf(from: Queryable, id: string): Promise<OrderRow> {
    const [row] = await from.query<Row<OrderRow>>(`SELECT ${ORDER_COLUMNS} FROM orders WHERE id = $1`, [id]);
    if (row === undefined) throw new OrderForgottenError(id);
    return row;
  }

  #fillsOf(from: Queryable, id: string): Promise<FillRow[]> {
    return from.query<Row<FillRow>>(
      `SELECT ${FILL_COLUMNS} FROM fills WHERE order_id = $1 ORDER BY executed_at, venue_trade_id`,
      [id],
    );
  }
}

const eventOf = (order: OrderRow): string =>
  JSON.stringify({ id: order.id, status: order.status, executedQuantity: order.executed_quantity });

/** An older report must not reopen an order that a newer one closed. */
function nextStatus(current: OrderStatus, reported: VenueReport["status"], executed: Decimal): OrderStatus {
  if (FINAL_STATUSES.has(current)) return current;
  return reported === "ACCEPTED" && executed.gt(0) ? "PARTIALLY_FILLED" : reported;
}
