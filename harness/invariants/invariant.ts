import type { Verdict } from "../../core/index.ts";
import type { Operation } from "../../load/index.ts";
import type { Shown } from "../observation/api-view.ts";
import type { Ledger } from "../observation/ledger.ts";
import type { OtherAccountOrder } from "../observation/probes/other-account.ts";
import type { VenueOrder, VenueTruth } from "../observation/venue-books.ts";

/**
 * Everything that is known when the load has ended: what clients saw, what the platform wrote, what happened, and what
 * the platform shows now.
 */
export interface Truth {
  readonly operations: readonly Operation[];
  /** Null when the platform knows no accounts. */
  readonly otherAccountOrder: OtherAccountOrder | null;
  readonly ledger: Ledger;
  readonly venues: readonly VenueTruth[];
  readonly shown: Shown;
}

/** What a checker found. */
export interface Finding {
  readonly verdict: Verdict;
  readonly expected: string;
  readonly received: string;
}

/** Something that must hold whatever happens. Its check is pure: the same truth gives the same finding. */
export interface Invariant {
  readonly statement: string;
  /** `lasting`: what is broken stays broken, so nobody need wait for it. Left out: a platform may still get there. */
  readonly damage?: "lasting";
  /** Whether the platform's definition gives what the check needs; left out: every definition does. */
  readonly appliesTo?: (truth: Truth) => boolean;
  check(truth: Truth): Finding;
}

const SHOWN = 5;

/**
 * The finding of a check that looked at `checked` things and lists what is wrong with some. Nothing to look at
 * is inconclusive: an empty history proves nothing.
 */
export function findingOf(
  statement: string,
  checked: number,
  noun: string,
  problems: readonly string[],
): Finding {
  if (problems.length > 0) {
    const more = problems.length > SHOWN ? ` and ${problems.length - SHOWN} more` : "";
    const shown = problems.slice(0, SHOWN).join("; ");
    return {
      verdict: "fail",
      expected: statement,
      received: `${problems.length} of ${checked} ${noun}: ${shown}${more}`,
    };
  }
  if (checked === 0) {
    return { verdict: "inconclusive", expected: statement, received: `no ${noun} to check` };
  }
  return { verdict: "pass", expected: statement, received: `${checked} of ${checked} ${noun}` };
}

/** The orders of all venues by `<venue> <client order id>`. */
export function ordersAtVenues(venues: readonly VenueTruth[]): ReadonlyMap<string, VenueOrder> {
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
