import type { Verdict } from "../../core/index.ts";
import type { Operation } from "../../load/index.ts";
import type { Ledger } from "../ledger.ts";
import type { VenueTruth } from "../venue-truth.ts";

/** Everything that is known when the load has ended: what clients saw, what the platform wrote, what happened. */
export interface Truth {
  readonly operations: readonly Operation[];
  readonly ledger: Ledger;
  readonly venues: readonly VenueTruth[];
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
