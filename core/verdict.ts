/**
 * What a check, a scenario or a run concluded.
 *
 * - `pass`: it was measured, and it held.
 * - `fail`: it was measured, and it did not hold.
 * - `inconclusive`: it was not measured well enough to say: no data, too few samples, a fault that touched
 *   nothing, a check that threw, a step that was skipped. It never releases.
 */
export type Verdict = "pass" | "fail" | "inconclusive";

const SEVERITY: Readonly<Record<Verdict, number>> = { pass: 0, inconclusive: 1, fail: 2 };

/**
 * Merges verdicts as Jepsen does: `fail` over `inconclusive` over `pass`, whatever the order, so that a fail
 * is never overwritten. Nothing to merge is `inconclusive`: no data is not a pass.
 */
export function mergeVerdicts(verdicts: Iterable<Verdict>): Verdict {
  let merged: Verdict | undefined;
  for (const verdict of verdicts) {
    if (merged === undefined || SEVERITY[verdict] > SEVERITY[merged]) merged = verdict;
  }
  return merged ?? "inconclusive";
}
