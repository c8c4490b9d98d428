import type { Database } from "../database/database.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Venue, VenueName, VenueReport } from "../venues/venue.ts";
import { changedSince, inquire, withFills } from "./inquiry.ts";
import { type Ledger, ORDER_COLUMNS } from "./ledger.ts";
import { type OrderRow, referenceOf } from "./order.ts";

export interface ReconcilerOptions {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly venues: Readonly<Record<VenueName, Venue>>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly unknownGraceMs: number;
  /** The interval between two lookups of the same order, in ms. */
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

type DueOrder = OrderRow & { readonly grace_over: boolean };

/** The limit of orders per round, so that the reconciler does not use up a venue's rate limit. */
const BATCH = 16;
const FOLLOW_LIMIT = 1_000;
/** Half of what BTCTurk allows in a second, since rounds are at least half a second apart. */
const FOLLOW_LOOKUPS = 15;
const FOLLOW_WORKERS = 4;

/**
 * Completes orders in the background: those whose outcome is unknown, whose attempt expired or whose fills
 * are incomplete (`settleDue`), and those that rest at a venue (`followOpen`).
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #abandoned = new Set<string>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Takes over an order whose outcome could not be stored, without waiting until its lease ends. */
  adopt(orderId: string): void {
    this.#abandoned.add(orderId);
  }

  /** One round over the orders that are due, by the database's clock. */
  async settleDue(): Promise<void> {
    await this.#releaseAbandoned();
    const due = await this.#claimDue();
    await Promise.all(due.map((order) => this.#settle(order)));
  }

  /** One round over the resting orders: the venue's list of open orders shows which of them have changed. */
  async followOpen(): Promise<void> {
    const { database } = this.#options;
    const rows = await database.query<OrderRow & Record<string, unknown>>(
      `SELECT ${ORDER_COLUMNS} FROM orders WHERE status IN ('ACCEPTED', 'PARTIALLY_FILLED')
       ORDER BY updated_at LIMIT ${FOLLOW_LIMIT}`,
    );
    const groups = Object.groupBy(rows, (row) => `${row.venue} ${row.symbol}`);
    await Promise.all(Object.values(groups).map((group) => this.#followGroup(group ?? [])));
  }

  async #followGroup(group: readonly OrderRow[]): Promise<void> {
    const first = group[0];
    if (first === undefined) return;
    const venue = this.#options.venues[first.venue];
    if (venue.heldBackMs > 0) return;
    const open = await venue.openOrders(first.symbol);
    if (open.kind === "failed") return;
    const queue = changedSince(group, open.reports).slice(0, FOLLOW_LOOKUPS).values();
    const worker = async (): Promise<void> => {
      for (const order of queue) {
        if (this.#options.signal.aborted) return;
        await this.#follow(order, open.reports.get(order.client_order_id));
      }
    };
    await Promise.all(Array.from({ length: FOLLOW_WORKERS }, worker));
  }

  /** An order that is no longer open is looked up; for one that filled further, the fills are fetched. */
  async #follow(order: OrderRow, report: VenueReport | undefined): Promise<void> {
    const venue = this.#options.venues[order.venue];
    if (report !== undefined) {
      await this.#record(order, await withFills(venue, referenceOf(order), report, order.executed_quantity));
      return;
    }
    const lookup = await inquire(venue, referenceOf(order), order.executed_quantity);
    if (lookup.kind === "found") await this.#record(order, lookup.report);
  }

  async #record(order: OrderRow, report: VenueReport): Promise<void> {
    await this.#options.ledger.recordReport(order.id, report);
    this.#options.metrics.ordersReconciled.inc({ venue: order.venue, result: "updated" });
  }

  async #releaseAbandoned(): Promise<void> {
    const ids = [...this.#abandoned];
    if (ids.length === 0) return;
    await this.#options.database.query(
      "UPDATE orders SET next_check_at = now() WHERE id = ANY($1::uuid[]) AND status IN ('PENDING', 'UNKNOWN')",
      [ids],
    );
    for (const id of ids) this.#abandoned.delete(id);
  }

  /** When a PENDING order is due, its attempt has expired: from now on its outcome is unknown. */
  #claimDue(): Promise<(DueOrder & Record<string, unknown>)[]> {
    const { database, venues, unknownGraceMs, intervalMs } = this.#options;
    const reachable = Object.values(venues).filter((venue) => venue.heldBackMs === 0);
    return database.query<DueOrder & Record<string, unknown>>(
      `UPDATE orders SET
         next_check_at = now() + $1 * interval '1 millisecond',
         unknown_since = CASE WHEN status = 'PENDING' THEN now() ELSE unknown_since END,
         status = CASE WHEN status = 'PENDING' THEN 'UNKNOWN' ELSE status END
       WHERE id IN (
         SELECT id FROM orders WHERE next_check_at <= now() AND venue = ANY($2)
         ORDER BY next_check_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
       )
       RETURNING ${ORDER_COLUMNS}, unknown_since + $3 * interval '1 millisecond' < now() AS grace_over`,
      [intervalMs, reachable.map((venue) => venue.name), unknownGraceMs],
    );
  }

  async #settle(order: DueOrder): Promise<void> {
    const { ledger, venues, metrics, log } = this.#options;
    const venue = order.venue;
    try {
      const lookup = await inquire(venues[venue], referenceOf(order), order.executed_quantity);
      if (lookup.kind === "found") {
        await ledger.recordReport(order.id, lookup.report);
        metrics.ordersReconciled.inc({ venue, result: order.status === "UNKNOWN" ? "found" : "updated" });
      } else if (lookup.kind === "failed") {
        metrics.ordersReconciled.inc({ venue, result: "lookup_failed" });
      } else if (order.status === "UNKNOWN" && order.grace_over) {
        // The grace period had ended before this lookup began, so an order that the venue still did not know
        // will never arrive.
        const concluded = await ledger.recordNeverArrived(order.id, order.attempt);
        if (concluded) metrics.ordersReconciled.inc({ venue, result: "never_arrived" });
      }
    } catch (error) {
      if (!this.#options.signal.aborted) {
        log.warn({ orderId: order.id, error: messageOf(error) }, "an order could not be settled yet");
      }
    }
  }
}
