import { counted } from "../../core/index.ts";
import type { Finding } from "../judging/check.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { VenueBooks, VenueOrder } from "../observation/venue-books.ts";

/** A property that must always hold. Its check is pure: the same state gives the same finding. */
export interface Invariant {
  /** The property, as a sentence for the report. */
  readonly statement: string;
  /**
   * Whether a platform may need time until it holds, because it reconciles in the background. Such an
   * invariant is checked again until it holds or the time to settle is over; a violation of any other is
   * final.
   */
  readonly mayComeLate: boolean;
  /** What the platform lacks that the check needs, or null; absent: every platform has it. */
  readonly needs?: (state: FinalState) => string | null;
  check(state: FinalState): Finding;
}

/** A problem with one of the checked items. */
export interface Problem {
  /** The kind of problem, as text after a count: `unknown to the platform`. */
  readonly kind: string;
  /** The item, with the values that differ. */
  readonly detail: string;
  /** The client order id of the order that it concerns; null when it concerns no single order. */
  readonly clientOrderId: string | null;
}

/** This many problems are named, the others counted. */
const MAX_NAMED = 5;
/** This many orders of a check are linked to their histories. */
const MAX_LINKED = 100;

/**
 * The finding of a check of `checked` items, called `noun`: how many are wrong in which way, and the first of
 * them. Without items it is inconclusive: an empty history proves nothing.
 */
export function findingOf(checked: number, noun: string, problems: readonly Problem[]): Finding {
  // A missing item is a problem that was not among the checked items.
  const judgedBy = { count: Math.max(checked, problems.length), noun };
  if (problems.length > 0) {
    const kinds = [...Map.groupBy(problems, ({ kind }) => kind)].toSorted(
      ([, a], [, b]) => b.length - a.length,
    );
    const counts = kinds.map(([kind, its]) => `${its.length} ${kind}`).join(", ");
    const named = problems.slice(0, MAX_NAMED).map(({ detail }) => detail);
    const more = problems.length > MAX_NAMED ? [`and ${problems.length - MAX_NAMED} more`] : [];
    const summary = `${problems.length} of ${counted(judgedBy.count, noun)}: ${counts}`;
    const orders = new Set(problems.flatMap(({ clientOrderId }) => clientOrderId ?? []));
    return {
      verdict: "fail",
      received: [summary, ...named, ...more].join("; "),
      judgedBy,
      orders: [...orders].slice(0, MAX_LINKED),
    };
  }
  if (checked === 0) return { verdict: "inconclusive", received: `no ${noun}s to check`, judgedBy };
  return { verdict: "pass", received: `${checked} of ${counted(checked, noun)}`, judgedBy };
}

/** The orders of all venues by `<venue> <client order id>`. */
export function ordersAtVenues(venues: readonly VenueBooks[]): ReadonlyMap<string, VenueOrder> {
  return new Map(
    venues.flatMap(({ venue, orders }) =>
      orders.map((order) => [`${venue} ${order.clientOrderId}`, order] as const),
    ),
  );
}
