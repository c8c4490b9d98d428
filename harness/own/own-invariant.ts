import { z } from "zod";
import { shown } from "../../core/index.ts";
import type { CheckRecord } from "../../evidence/index.ts";
import { findingOf } from "../invariants/invariant.ts";
import { check } from "../judging/check.ts";
import type { FinalState } from "../observation/final-state.ts";

/** An order in the platform's books, as its definition's query returns it. Amounts are exact decimal text. */
export interface BookedOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly idempotencyKey: string | null;
  readonly venue: string;
  readonly symbol: string;
  readonly side: string;
  readonly status: string;
  readonly executedQuantity: string;
  /** Whether its outcome is known. */
  readonly settled: boolean;
}

/** An order at a venue, by the venue's own books. */
export interface OrderAtVenue {
  readonly venue: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: string;
  readonly status: string;
  readonly quantity: string;
  readonly executedQuantity: string;
}

/** An operation of the load's clients. */
export interface ClientOperation {
  /** `place`, `query`, `cancel` and others of the load. */
  readonly kind: string;
  readonly orderId: string | null;
  readonly idempotencyKey: string | null;
  /** `succeeded`, `rejected`, `failed`, or `unknown` when no answer came. */
  readonly outcome: string;
  readonly httpStatus: number | null;
}

/** Everything that is known when the load has ended and nothing changes any more. */
export interface FinalBooks {
  readonly orders: readonly BookedOrder[];
  readonly atVenues: readonly OrderAtVenue[];
  readonly operations: readonly ClientOperation[];
}

/** What an invariant of your own found. */
export interface OwnFinding {
  /** How many things it looked at. With 0 it judged nothing, and is inconclusive. */
  readonly checked: number;
  /** What they are, in the singular: `order`. */
  readonly noun: string;
  /** What is wrong, one text for each. */
  readonly problems: readonly string[];
}

/** An invariant of your own: what must hold after every scenario, whatever happened in it. */
export interface OwnInvariant {
  /** Words in lower case joined by `-`, for the report. */
  readonly name: string;
  /** The property, as a sentence for the report. */
  readonly statement: string;
  /** Pure: the same books give the same finding. One that throws is inconclusive. */
  check(books: FinalBooks): OwnFinding;
}

/** Declares an invariant of your own, for `invariants` of `kanit.config.ts`. */
export function defineInvariant(invariant: OwnInvariant): OwnInvariant {
  return invariant;
}

const findingSchema = z.strictObject({
  checked: z.int().min(0),
  noun: z.string().min(1),
  problems: z.array(z.string()),
});

/**
 * Checks the user's invariants. Never throws: one that throws, or that returns something else than a finding, is
 * inconclusive.
 */
export function checkOwnInvariants(
  invariants: readonly OwnInvariant[],
  state: FinalState,
): readonly CheckRecord[] {
  return invariants.map((invariant) => {
    const { name, statement: expected } = invariant;
    return check({ kind: "invariant", name, basis: "count", expected }, () => {
      // Each gets books of its own, so that none can change those of another.
      const found: unknown = invariant.check(structuredClone(booksOf(state)));
      const parsed = findingSchema.safeParse(found);
      if (!parsed.success)
        throw new TypeError(`expected { checked, noun, problems } from it, got ${shown(found)}`);
      const { checked, noun, problems } = parsed.data;
      return findingOf(
        checked,
        noun,
        problems.map((detail) => ({ kind: "wrong", detail, clientOrderId: null })),
      );
    });
  });
}

function booksOf({ ledger, venues, operations }: FinalState): FinalBooks {
  return {
    orders: ledger.orders.map((row) => ({
      orderId: row.order_id,
      clientOrderId: row.client_order_id,
      idempotencyKey: row.idempotency_key ?? null,
      venue: row.venue,
      symbol: row.symbol,
      side: row.side,
      status: row.status,
      executedQuantity: row.executed_quantity,
      settled: row.settled,
    })),
    atVenues: venues.flatMap(({ venue, orders }) =>
      orders.map(({ clientOrderId, symbol, side, status, quantity, executedQuantity }) => ({
        ...{ venue, clientOrderId, symbol, side, status, quantity, executedQuantity },
      })),
    ),
    operations: operations.map(({ kind, orderId, idempotencyKey, outcome, httpStatus }) => ({
      ...{ kind, orderId, idempotencyKey, outcome, httpStatus },
    })),
  };
}
