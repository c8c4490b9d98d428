import { addEvidence, type Evidence, LOG_FACTORS, NO_EVIDENCE } from "./evidence.ts";
import { type Histogram, sizeOf } from "./histogram.ts";
import { logTiltedMeans } from "./hypergeometric.ts";

/**
 * What one look says about how much slower the candidate is than the stable at the same time: the log-rank test, which
 * is a rank test, and as exact as its buckets.
 *
 * From the fastest bucket to the slowest one it asks which part of the durations that end there is the candidate's, of
 * those that did not end before (Fisher's exact conditional likelihood). A factor of 2 says that the candidate's odds
 * of not having ended yet are twice the stable's, at each bound. It weighs the slow end more than Mann and Whitney's
 * test does, as a P95 must.
 *
 * @throws RangeError for histograms with different buckets.
 */
export function compareDurations(candidate: Histogram, stable: Histogram): Evidence {
  if (candidate.counts.length !== stable.counts.length) throw new RangeError("expected the same buckets");
  let drawn = sizeOf(candidate);
  let population = drawn + sizeOf(stable);
  let evidence = NO_EVIDENCE;
  for (const [index, ended] of candidate.counts.entries()) {
    const marked = ended + (stable.counts[index] ?? 0);
    if (marked > 0 && drawn > 0 && drawn < population) {
      evidence = addEvidence(evidence, endingEvidence({ population, marked, drawn }, ended));
    }
    population -= marked;
    drawn -= ended;
  }
  return evidence;
}

/** Fewer endings of the candidate than its part say that it is slower, so that the factor is the inverse one. */
function endingEvidence(
  draw: { readonly population: number; readonly marked: number; readonly drawn: number },
  ended: number,
): Evidence {
  const inverse = LOG_FACTORS.map((g) => -g);
  const means = logTiltedMeans(draw, inverse);
  return inverse.map((g, index) => g * ended - (means[index] ?? Number.NaN));
}

/**
 * Returns the effect size: the probability that a duration of the candidate is longer than one of the stable, equal
 * ones counted half (Vargha and Delaney's A, Mann and Whitney's U as a share). Half says that there is no difference;
 * NaN where one of them is empty.
 */
export function probabilityOfSlower(candidate: Histogram, stable: Histogram): number {
  let below = 0;
  let wins = 0;
  for (const [index, count] of candidate.counts.entries()) {
    const same = stable.counts[index] ?? 0;
    wins += count * (below + same / 2);
    below += same;
  }
  return wins / (sizeOf(candidate) * sizeOf(stable));
}
