import { counted } from "../../core/index.ts";
import type { Finding } from "../judging/check.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { VenueBooks, VenueOrder } from "../observation/venue-books.ts";

/** Something that must hold whatever happens. Its check is pure: the same state gives the same finding. */
export interface Invariant {
  /** What must hold, as a sentence for the report. */
  readonly statement: string;
  /**
   * Whether a platform may need time until it holds, because it reconciles in the background. Such an
   * invariant is checked again until it holds or the time to settle is over; a violation of any other is
   * final.
   */
  readonly mayComeLate: boolean;
  /** Whether the platform's definition gives what the check needs; left out: every definition does. */
  readonly appliesTo?: (state: FinalState) => boolean;
  check(state: FinalState): Finding;
}

const MAX_PROBLEMS = 5;

/**
 * The finding of a check that looked at `checked` things, of which `noun` names one, and lists what is wrong with some.
 * Nothing to look at is inconclusive: an empty history proves nothing.
 */
export function findingOf(checked: number, noun: string, problems: readonly string[]): Finding {
  // What is missing altogether is a problem that was not among the things looked at.
  const judgedBy = { count: Math.max(checked, problems.length), noun };
  if (problems.length > 0) {
    const more = problems.length > MAX_PROBLEMS ? ` and ${problems.length - MAX_PROBLEMS} more` : "";
    const first = problems.slice(0, MAX_PROBLEMS).join("; ");
    const received = `${problems.length} of ${counted(judgedBy.count, noun)}: ${first}${more}`;
    return { verdict: "fail", received, judgedBy };
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

/** Groups by a key, keeping the order of first appearance. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
