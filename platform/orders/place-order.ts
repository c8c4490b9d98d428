import { setTimeout as delay } from "node:timers/promises";
import type { SparkConfig } from "../config.ts";
import type { Database } from "../database/database.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { amount, Decimal } from "../money.ts";
import type { Placement, Venue, VenueName } from "../venues/venue.ts";
import { type Answer, answerOf } from "./answer.ts";
import { clientOrderIdOf, orderIdOf } from "./client-order-id.ts";
import { adopt } from "./forgotten-orders.ts";
import { type ClaimedKey, type IdempotencyKeys, requestHashOf } from "./idempotency.ts";
import { inquire } from "./inquiry.ts";
import { type Ledger, OrderForgottenError } from "./ledger.ts";
import { NOT_SENT, type OrderRequest, type OrderRow, referenceOf, venueOrderOf } from "./order.ts";
import type { RestoreRecovery } from "./restore-recovery.ts";
import { type MarketView, riskBlockOf } from "./risk.ts";

/** The result of a request to place an order. */
export type PlaceResult =
  | { readonly kind: "answered"; readonly answer: Answer; readonly replayed: boolean }
  /** The key was used for a different request. */
  | { readonly kind: "conflict" }
  /** Another attempt holds the key and did not end in time. */
  | { readonly kind: "in-progress" }
  | { readonly kind: "execution-disabled" }
  /** The order was certainly not sent; the same key may try again. */
  | { readonly kind: "venue-unavailable"; readonly reason: string; readonly retryAfterMs: number };

export interface PlaceOrderOptions {
  readonly config: SparkConfig;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly database: Database;
  readonly recovery: RestoreRecovery;
  readonly keys: IdempotencyKeys;
  readonly ledger: Ledger;
  readonly venues: Readonly<Record<VenueName, Venue>>;
  readonly market: (venue: VenueName, symbol: string) => MarketView;
  /** @throws DatabaseUnavailableError when that cannot be known. */
  readonly mayExecute: () => Promise<boolean>;
  /**
   * Called with an order whose outcome could not be stored; it is looked up as soon as the database is back.
   */
  readonly abandon: (orderId: string) => void;
  /** Aborted when the platform's current instance ends. */
  readonly signal: AbortSignal;
}

/** The interval at which the answer of another attempt is looked for, in ms. */
const POLL_MS = 50;

/** How long an attempt holds its key: about twice as long as all its waits can take. */
export const leaseMsOf = (config: SparkConfig): number =>
  4 * config.orderTimeoutMs + 2 * config.database.timeoutMs + config.unknownGraceMs;

/**
 * Places orders so that a key is executed at most once, whatever message is lost. The row is written before
 * the venue is called; when the outcome is unknown, the order is looked up and never sent again.
 */
export class PlaceOrder {
  readonly #options: PlaceOrderOptions;

  constructor(options: PlaceOrderOptions) {
    this.#options = options;
  }

  /**
   * @throws DatabaseUnavailableError when the database cannot be reached; the same key may be tried again.
   */
  async place(request: OrderRequest, key: string): Promise<PlaceResult> {
    const { keys, metrics, mayExecute, recovery } = this.#options;
    metrics.idempotencyRequests.inc();
    await recovery.require();
    if (!(await mayExecute())) {
      const earlier = await keys.find(request.accountId, key);
      if (earlier !== undefined) {
        await recovery.requireNow();
        return this.#await(request, key);
      }
      return (await this.#recovered(request, key)) ?? { kind: "execution-disabled" };
    }
    const startedAtMs = performance.now();
    const market = this.#options.market(request.venue, request.symbol);
    const refusal = this.#refusalOf(request, market);
    const recovered = refusal === undefined ? undefined : await this.#recovered(request, key);
    if (recovered !== undefined) return recovered;
    const quoteQuantity = refusal === undefined ? quoteQuantityOf(request, market) : null;
    const claimed = await keys.claim({ key, request, quoteQuantity, refusal: refusal?.answer });
    if (claimed === undefined) {
      await recovery.requireNow();
      return this.#await(request, key);
    }
    if (claimed === "refused" && refusal !== undefined) {
      metrics.riskBlocks.inc({ reason: refusal.reason });
      return { kind: "answered", answer: refusal.answer, replayed: false };
    }
    if (claimed === "refused") throw new Error("a claim was refused without a reason");
    if (claimed.status !== "PENDING") {
      const answer = await this.#options.ledger.answerRecovered(claimed.id);
      return { kind: "answered", answer, replayed: true };
    }
    return this.#execute(claimed, startedAtMs);
  }

  /** The answer for an order that a restored database had forgotten with its key, and that was found at its venue. */
  async #recovered(request: OrderRequest, key: string): Promise<PlaceResult | undefined> {
    const { keys, ledger } = this.#options;
    if ((await keys.find(request.accountId, key)) !== undefined) return undefined;
    const found = await ledger.find(orderIdOf(clientOrderIdOf(request.accountId, key)));
    return found && { kind: "answered", answer: answerOf(found.view), replayed: true };
  }

  #refusalOf(request: OrderRequest, market: MarketView) {
    const { config } = this.#options;
    const reason = riskBlockOf(request, market, config.risk, config.staleAfterMs);
    if (reason === undefined) return undefined;
    return { reason, answer: { status: 422, body: JSON.stringify({ error: "risk_block", reason }) } };
  }

  /**
   * The key is already claimed: returns the stored answer, or takes over when the attempt's lease has
   * expired.
   */
  async #await(request: OrderRequest, key: string): Promise<PlaceResult> {
    const { config, keys, metrics, signal, mayExecute } = this.#options;
    const deadlineMs = performance.now() + config.keyWaitMs;
    const hash = requestHashOf(request);
    do {
      const startedAtMs = performance.now();
      const earlier: ClaimedKey | undefined = await keys.find(request.accountId, key);
      if (earlier !== undefined && earlier.requestHash !== hash) {
        metrics.idempotencyConflicts.inc();
        return { kind: "conflict" };
      }
      if (earlier?.answer !== undefined) {
        return { kind: "answered", answer: earlier.answer, replayed: true };
      }
      if (earlier?.isExpired === true) {
        if (!(await mayExecute())) return { kind: "execution-disabled" };
        const order = await keys.takeOver(request.accountId, key);
        if (order !== undefined) return this.#resume(order, startedAtMs);
      }
      await delay(POLL_MS, undefined, { signal });
    } while (performance.now() < deadlineMs);
    return { kind: "in-progress" };
  }

  /** Continues an expired attempt. It may have sent the order, so the venue is asked first. */
  async #resume(order: OrderRow, startedAtMs: number): Promise<PlaceResult> {
    const { config, ledger, metrics, signal, log } = this.#options;
    log.info({ orderId: order.id, attempt: order.attempt }, "an attempt is taken over");
    if (order.reject_code === NOT_SENT) return this.#execute(order, startedAtMs);
    const graceEndsMs = performance.now() + config.unknownGraceMs;
    let beganAtMs = 0;
    do {
      beganAtMs = performance.now();
      const lookup = await inquire(this.#venueOf(order), referenceOf(order), order.executed_quantity);
      if (lookup.kind === "found") {
        metrics.ordersReconciled.inc({ venue: order.venue, result: "found" });
        return answered(await this.#write(order, () => ledger.recordReport(order.id, lookup.report)));
      }
      if (lookup.kind === "failed") {
        return answered(await this.#write(order, () => ledger.recordUnknown(order.id)));
      }
      await delay(config.followIntervalMs, undefined, { signal });
    } while (beganAtMs < graceEndsMs);
    return this.#execute(order, startedAtMs);
  }

  async #execute(order: OrderRow, startedAtMs: number): Promise<PlaceResult> {
    const { config, ledger, metrics, keys, log, signal } = this.#options;
    // A process that was paused for long may have lost the key to another one and must not send any more.
    const late = performance.now() - startedAtMs > leaseMsOf(config) - 2 * config.orderTimeoutMs;
    if (late || signal.aborted)
      return answered(await this.#write(order, () => ledger.recordUnknown(order.id)));
    const placement = await this.#place(order);
    const outcome = placement.kind === "not-sent" ? "not_sent" : placement.kind;
    metrics.orders.inc({ venue: order.venue, outcome });
    switch (placement.kind) {
      case "accepted":
        return answered(await this.#write(order, () => ledger.recordReport(order.id, placement.report)));
      case "rejected": {
        const { code, message } = placement;
        return answered(await this.#write(order, () => ledger.recordRejection(order.id, code, message)));
      }
      case "not-sent":
        await this.#write(order, () => keys.release(order.id, placement.reason));
        return { ...placement, kind: "venue-unavailable" };
      case "unknown":
        log.warn({ orderId: order.id, reason: placement.reason }, "the outcome of an order is unknown");
        return answered(await this.#resolve(order));
    }
  }

  async #place(order: OrderRow): Promise<Placement> {
    const { config, mayExecute } = this.#options;
    const placement = await this.#venueOf(order).place(venueOrderOf(order));
    if (config.defects.has("lossy-kill-switch") && !(await mayExecute())) {
      return { kind: "rejected", code: "STOPPED", message: "stopped" }; // DEFECT lossy-kill-switch
    }
    return placement;
  }

  /** The outcome is unknown: looks the order up once right away, then leaves it to the reconciler. */
  async #resolve(order: OrderRow): Promise<Answer> {
    const { ledger, metrics } = this.#options;
    const repeated = await this.#repeatBlindly(order);
    if (repeated?.kind === "accepted") {
      return this.#write(order, () => ledger.recordReport(order.id, repeated.report));
    }
    const lookup = await inquire(this.#venueOf(order), referenceOf(order), order.executed_quantity);
    if (lookup.kind !== "found") return this.#write(order, () => ledger.recordUnknown(order.id));
    metrics.ordersReconciled.inc({ venue: order.venue, result: "found" });
    return this.#write(order, () => ledger.recordReport(order.id, lookup.report));
  }

  async #repeatBlindly(order: OrderRow): Promise<Placement | undefined> {
    if (!this.#options.config.defects.has("blind-retry")) return undefined;
    const clientOrderId = `${order.client_order_id.slice(0, 34)}-r`;
    return this.#venueOf(order).place({ ...venueOrderOf(order), clientOrderId }); // DEFECT blind-retry
  }

  /**
   * Stores the venue's answer. When that fails for any reason, the order is left to the reconciler; when the database
   * was restored meanwhile to a moment before the order, the order is written again.
   */
  async #write<Result>(order: OrderRow, write: () => Promise<Result>): Promise<Result> {
    try {
      try {
        return await write();
      } catch (error) {
        if (!(error instanceof OrderForgottenError)) throw error;
        await adopt(this.#options.database, [order]);
        return await write();
      }
    } catch (error) {
      this.#options.abandon(order.id);
      throw error;
    }
  }

  #venueOf(order: OrderRow): Venue {
    return this.#options.venues[order.venue];
  }
}

const answered = (answer: Answer): PlaceResult => ({ kind: "answered", answer, replayed: false });

/** BTCTurk takes a market buy in the quote asset: the quantity times the best ask, rounded down to cents. */
function quoteQuantityOf(request: OrderRequest, market: MarketView): string | null {
  const measuredInQuote = request.venue === "btcturk" && request.type === "market" && request.side === "buy";
  if (!measuredInQuote || market.quote === undefined) return null;
  const cost = amount(request.quantity).times(amount(market.quote.ask));
  return cost.toDecimalPlaces(2, Decimal.ROUND_DOWN).toFixed();
}
