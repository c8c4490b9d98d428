import type { Verdict } from "../core/index.ts";

/**
 * One thing that was found out about evidence, as one line for a reader. `pass`: as it is stated. `fail`: not as it is
 * stated. `inconclusive`: what is there cannot show that nothing was changed.
 */
export interface Finding {
  readonly verdict: Verdict;
  readonly line: string;
}

/** A finding that something is as it is stated. */
export function passed(line: string): Finding {
  return { verdict: "pass", line };
}

/** A finding that shows that something was changed, added or removed. */
export function changed(line: string): Finding {
  return { verdict: "fail", line };
}

/** A finding that leaves open whether something was changed. */
export function unclear(line: string): Finding {
  return { verdict: "inconclusive", line };
}
