import type { Verdict } from "../../core/index.ts";

/** The number of times each verdict was reached. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

interface Judged {
  readonly verdict: Verdict;
}

const ORDER: Readonly<Record<Verdict, number>> = { fail: 0, inconclusive: 1, pass: 2 };

/** Sorts worst first and keeps the order of equals, so that the important ones come first. */
export function worstFirst<T extends Judged>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
}

/** Counts the verdicts of scenarios, checks or triggers. */
export function countVerdicts(items: readonly Judged[]): VerdictCounts {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  for (const { verdict } of items) counts[verdict] += 1;
  return counts;
}

/** `4 pass, 1 fail, 1 inconclusive`, without the verdicts that did not occur; `no scenarios` for none. */
export function describeCounts(counts: VerdictCounts, noneText = "no scenarios"): string {
  const parts = (["fail", "inconclusive", "pass"] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`);
  return parts.length === 0 ? noneText : parts.join(", ");
}
