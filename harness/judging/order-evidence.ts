import type { OrderRequest } from "../../api/index.ts";
import type { OrderRecord } from "../../evidence/index.ts";
import type { Operation } from "../../load/index.ts";
import { Decimal } from "../observation/decimal.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { LedgerOrder } from "../observation/ledger.ts";
import type { VenueOrder, VenueTrade } from "../observation/venue-books.ts";

/** A platform that sends an order again does so within the time in which it repeats unanswered requests. */
const SENT_AGAIN_WITHIN_MS = 30_000;

/** An order at its venue, and how it was matched with an order of the platform. */
export interface AtVenue {
  readonly order: VenueOrder;
  readonly trades: readonly VenueTrade[];
  readonly matchedBy: OrderRecord["venueOrders"][number]["matchedBy"];
}

/**
 * What is known of one order: its client's operations, its row in the platform's books, and
 * the orders at the venue.
 */
export interface OrderEvidence {
  readonly venue: string;
  readonly operations: Operation[];
  /** Null when the platform's books do not have it. */
  readonly row: LedgerOrder | null;
  readonly atVenue: AtVenue[];
}

/**
 * Combines what clients, books and venues have of each order. A venue's order that the platform
 * does not know is matched with the last order of the same content that a client placed before it:
 * it was probably sent again.
 *
 * @param startedAtEpochMs the load's start, from which times of operations count; venues'
 *   times are since the epoch.
 */
export function collectOrderEvidence(state: FinalState, startedAtEpochMs: number): readonly OrderEvidence[] {
  const all: OrderEvidence[] = state.ledger.orders.map((row) => evidenceOf(row.venue, row));
  addOperations(all, state.operations);
  for (const { venue, orders, trades } of state.venues) {
    const known = new Map(
      all.flatMap((each) =>
        each.row === null ? [] : [[`${each.venue} ${each.row.client_order_id}`, each] as const],
      ),
    );
    const tradesOf = Map.groupBy(trades, ({ clientOrderId }) => clientOrderId);
    for (const order of orders) {
      const itsTrades = tradesOf.get(order.clientOrderId) ?? [];
      const booked = known.get(`${venue} ${order.clientOrderId}`);
      const original = booked ?? findOriginal(all, venue, order, order.acceptedAtMs - startedAtEpochMs);
      const home = original ?? evidenceOf(venue, null);
      if (original === undefined) all.push(home);
      const matchedBy = booked === undefined && original !== undefined ? "content" : "client order id";
      home.atVenue.push({ order, trades: itsTrades, matchedBy });
    }
  }
  return all;
}

const evidenceOf = (venue: string, row: LedgerOrder | null): OrderEvidence => ({
  ...{ venue, row, operations: [], atVenue: [] },
});

function addOperations(all: OrderEvidence[], operations: readonly Operation[]): void {
  const byKey = new Map(all.map((each) => [each.row?.idempotency_key, each]));
  const byOrderId = new Map(all.map((each) => [each.row?.order_id, each]));
  for (const operation of operations) {
    const { kind, orderId, idempotencyKey, request } = operation;
    if (kind !== "place" && kind !== "query" && kind !== "cancel") continue;
    const known = byKey.get(idempotencyKey ?? undefined) ?? byOrderId.get(orderId ?? undefined);
    if (known !== undefined) known.operations.push(operation);
    else if (request.order !== null) {
      const evidence = evidenceOf(request.order.venue, null);
      evidence.operations.push(operation);
      all.push(evidence);
      if (idempotencyKey !== null) byKey.set(idempotencyKey, evidence);
    }
  }
}

function findOriginal(
  all: readonly OrderEvidence[],
  venue: string,
  order: VenueOrder,
  atMs: number,
): OrderEvidence | undefined {
  const isBefore = ({ startedAtMs }: Operation) =>
    startedAtMs <= atMs && atMs <= startedAtMs + SENT_AGAIN_WITHIN_MS;
  return all.findLast(
    ({ venue: its, operations }) =>
      its === venue &&
      operations.some(
        (each) => isBefore(each) && each.request.order !== null && isSame(each.request.order, order),
      ),
  );
}

function isSame(asked: OrderRequest, order: VenueOrder): boolean {
  const isPrice =
    asked.price === null || order.price === null
      ? asked.price === order.price
      : new Decimal(asked.price).equals(order.price);
  return asked.side === order.side && isPrice && new Decimal(asked.quantity).equals(order.quantity);
}
