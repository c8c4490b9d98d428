/** The requests that each arm answered in the same time. */
export interface ArmRequests {
  readonly stable: number;
  readonly candidate: number;
}

/** Whether requests fit a share. `too-few`: nothing can be said yet. */
export type ShareFit = "fits" | "differs" | "too-few";

/** A share that is right is called different this rarely. */
const FALSE_ALARM = 0.001;
/** The smaller arm must be expected to have had so many requests; at 0 and 100 % the arm that gets all. */
const LEAST_EXPECTED = 20;
const LEAST_FOR_NONE = 100;

/**
 * Compares requests with a share by the exact binomial test: they differ when a number so small, or so great, at the
 * candidate comes about by chance in one of a thousand cases only. At 0 and 100 % one stray request differs.
 */
export function fitShare({ stable, candidate }: ArmRequests, sharePercent: number): ShareFit {
  const all = stable + candidate;
  const share = sharePercent / 100;
  if (share === 0 || share === 1) {
    const strayed = share === 0 ? candidate : stable;
    return strayed > 0 ? "differs" : all < LEAST_FOR_NONE ? "too-few" : "fits";
  }
  if (all * Math.min(share, 1 - share) < LEAST_EXPECTED) return "too-few";
  const isFew = candidate <= all * share;
  const asRare = isFew ? lowerTail(candidate, all, share) : lowerTail(stable, all, 1 - share);
  return asRare < FALSE_ALARM / 2 ? "differs" : "fits";
}

/** The probability of at most so many successes, which are at most as many as expected. */
function lowerTail(successes: number, tries: number, probability: number): number {
  // From the most probable count downwards, until the rest does not matter.
  const odds = probability / (1 - probability);
  let term = Math.exp(logBinomial(successes, tries, probability));
  let sum = 0;
  for (let count = successes; count >= 0; count--) {
    sum += term;
    term *= count / (tries - count + 1) / odds;
    if (term < sum * Number.EPSILON) break;
  }
  return Math.min(1, sum);
}

function logBinomial(successes: number, tries: number, probability: number): number {
  let choices = 0;
  const few = Math.min(successes, tries - successes);
  for (let index = 1; index <= few; index++) choices += Math.log((tries - few + index) / index);
  return choices + successes * Math.log(probability) + (tries - successes) * Math.log1p(-probability);
}
