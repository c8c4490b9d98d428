/**
 * The conclusion of a check, a scenario or a run.
 *
 * - `pass`: it was measured, and it held.
 * - `fail`: it was measured, and it did not hold.
 * - `inconclusive`: it was not measured well enough: no data, too few samples, a fault that affected nothing,
 *   a check that threw, a step that was skipped. It never releases.
 */
export type Verdict = "pass" | "fail" | "inconclusive";

const SEVERITY: Readonly<Record<Verdict, number>> = { pass: 0, inconclusive: 1, fail: 2 };

/**
 * Merges verdicts as Jepsen does: `fail` over `inconclusive` over `pass`, in any order, so that a fail is
 * never overwritten. Without verdicts the result is `inconclusive`: no data is not a pass.
 */
export function mergeVerdicts(verdicts: Iterable<Verdict>): Verdict {
  let merged: Verdict | undefined;
  for (const verdict of verdicts) {
    if (merged === undefined || SEVERITY[verdict] > SEVERITY[merged]) merged = verdict;
  }
  return merged ?? "inconclusive";
}
