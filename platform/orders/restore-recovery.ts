import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../database/database.ts";
import type { Defects } from "../defects.ts";
import { DatabaseUnavailableError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Venue, VenueName } from "../venues/venue.ts";
import { orderIdOf } from "./client-order-id.ts";
import { adoptFound, forgottenAmong, type VenueKnownOrder } from "./forgotten-orders.ts";
import { changedSince, inquire, withFills } from "./inquiry.ts";
import { type Ledger, ORDER_COLUMNS } from "./ledger.ts";
import { type OrderRow, referenceOf } from "./order.ts";
import { IS_RECONCILED, TIMELINE } from "./timeline.ts";

/** The database was restored, and it is not known yet which orders it has forgotten. */
export class RecoveringError extends DatabaseUnavailableError {
  constructor(timeline: string) {
    super({
      code: "database-recovering",
      message: `Expected a database that has all orders, but timeline ${timeline} is not reconciled with the venues.`,
      nextStep: "Send the request again: the venues are being asked for what the database has forgotten.",
    });
  }
}

export interface RestoreRecoveryOptions {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly venues: Readonly<Record<VenueName, Venue>>;
  /** By venue: the symbols that are traded there. */
  readonly symbols: Readonly<Record<VenueName, readonly string[]>>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly defects: Defects;
}

/** The clocks of the database and of a venue may differ by so much. */
const MARGIN_MS = 60_000;
const WORKERS = 4;
/** How long a request waits for the first round after a start: some milliseconds when nothing is missing. */
const FIRST_ROUND_MS = 500;

/**
 * Notices that the database was restored, or that another server took over, and finds the orders that it has forgotten
 * at the venues before anything else is done: an order that is sent again may be executed again, since a venue only
 * refuses an id that is still open. Meanwhile every request is answered that the database is unavailable.
 */
export class RestoreRecovery {
  readonly #options: RestoreRecoveryOptions;
  #isReconciled = false;
  #round: Promise<void> | null = null;

  constructor(options: RestoreRecoveryOptions) {
    this.#options = options;
  }

  /**
   * Requires that the database has all orders, as far as the last round has seen. Waits a moment for the round that is
   * in progress, so that the first request after a start is not refused.
   *
   * @throws RecoveringError
   */
  async require(): Promise<void> {
    if (this.#isReconciled) return;
    // What went wrong in it is found again by the look that follows.
    const round = this.watch().catch(() => undefined);
    await Promise.race([round, delay(FIRST_ROUND_MS, undefined, { ref: false })]);
    await this.requireNow();
  }

  /** Like `require`, by a look at the database. */
  async requireNow(): Promise<void> {
    const { timeline, isReconciled } = await this.#read();
    this.#isReconciled = isReconciled;
    if (isReconciled) return;
    throw new RecoveringError(timeline);
  }

  /**
   * Looks whether the server writes on a timeline that is not reconciled, and reconciles it then. A call while another
   * one is in progress waits for that one.
   */
  watch(): Promise<void> {
    this.#round ??= this.#watch().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  async #watch(): Promise<void> {
    try {
      const { timeline, isReconciled } = await this.#read();
      if (!isReconciled) {
        this.#isReconciled = false;
        await this.#recover(timeline);
      }
      this.#isReconciled = true;
    } catch (error) {
      this.#isReconciled = false;
      throw error;
    }
  }

  async #read(): Promise<{ timeline: string; isReconciled: boolean }> {
    const [row] = await this.#options.database.query<{ timeline: string; reconciled: boolean }>(
      `SELECT ${TIMELINE} AS timeline, ${IS_RECONCILED} AS reconciled`,
    );
    if (row === undefined) throw new Error("expected one row about the timeline");
    return { timeline: row.timeline, isReconciled: row.reconciled };
  }

  async #recover(timeline: string): Promise<void> {
    const { database, defects, log } = this.#options;
    const [since] = await database.query<{ since: Date | null }>(
      `SELECT coalesce((SELECT max(created_at) FROM orders), (SELECT max(reconciled_at) FROM reconciled_timelines)) AS since`,
    );
    const sinceMs = since?.since?.getTime();
    // A database without orders and without a timeline is new: there is nothing that it could have forgotten.
    if (sinceMs !== undefined && !defects.has("forgetful-restore")) {
      const forgotten = await forgottenAmong(database, await this.#askVenues(sinceMs - MARGIN_MS));
      if (forgotten.length > 0) {
        log.warn(
          { timeline, orders: forgotten.length },
          "the database has forgotten orders that venues know",
        );
        await adoptFound(database, forgotten);
        await this.#book(forgotten);
      }
      await this.#bringUpToDate();
    }
    await database.query(
      "INSERT INTO reconciled_timelines (timeline) VALUES ($1) ON CONFLICT (timeline) DO NOTHING",
      [timeline],
    );
  }

  async #askVenues(sinceMs: number): Promise<readonly VenueKnownOrder[]> {
    const { venues, symbols } = this.#options;
    const known = new Map<string, VenueKnownOrder>();
    for (const venue of Object.values(venues)) {
      for (const symbol of symbols[venue.name]) {
        const answer = await venue.ordersSince(symbol, sinceMs);
        if (answer.kind === "failed")
          throw new Error(`${venue.name} did not name its orders: ${answer.reason}`);
        // A page that moved while it was read names an order twice.
        for (const order of answer.orders)
          known.set(`${venue.name} ${order.clientOrderId}`, { venue: venue.name, symbol, order });
      }
    }
    return [...known.values()];
  }

  /**
   * Brings the orders up to date that the database has for open: it may have forgotten that they filled or were
   * canceled, which clients were answered.
   */
  async #bringUpToDate(): Promise<void> {
    const rows = await this.#options.database.query<OrderRow & Record<string, unknown>>(
      `SELECT ${ORDER_COLUMNS} FROM orders WHERE status IN ('ACCEPTED', 'PARTIALLY_FILLED')`,
    );
    const groups = Object.groupBy(rows, (row) => `${row.venue} ${row.symbol}`);
    for (const group of Object.values(groups)) await this.#followAll(group ?? []);
  }

  async #followAll(orders: readonly OrderRow[]): Promise<void> {
    const { ledger, venues } = this.#options;
    const [first] = orders;
    if (first === undefined) return;
    const venue = venues[first.venue];
    const open = await venue.openOrders(first.symbol);
    if (open.kind === "failed") throw new Error(`${venue.name} did not name its open orders: ${open.reason}`);
    const queue = changedSince(orders, open.reports).values();
    const worker = async (): Promise<void> => {
      for (const row of queue) {
        const lookup = await inquire(venue, referenceOf(row), row.executed_quantity);
        if (lookup.kind === "failed")
          throw new Error(`${venue.name} did not show an order: ${lookup.reason}`);
        if (lookup.kind === "found") await ledger.recordReport(row.id, lookup.report);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
  }

  /** Books each with its fills. Fills that cannot be had now are fetched by the reconciler. */
  async #book(forgotten: readonly VenueKnownOrder[]): Promise<void> {
    const { ledger, venues, metrics } = this.#options;
    const queue = forgotten.values();
    const worker = async (): Promise<void> => {
      for (const { venue, symbol, order } of queue) {
        const { clientOrderId, createdAtMs, report } = order;
        const { venueOrderId } = report;
        const reference = { clientOrderId, symbol, venueOrderId, quoteQuantity: null, createdAtMs };
        const whole = await withFills(venues[venue], reference, report, "0");
        await ledger.recordReport(orderIdOf(clientOrderId), whole);
        metrics.ordersReconciled.inc({ venue, result: "recovered" });
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
  }
}
