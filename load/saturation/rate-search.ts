/**
 * The result at one rate: the objective held, it was broken, or the generator itself could not reach the
 * rate.
 */
export type RateVerdict = "held" | "broken" | "unsound";

/** The bounds of the rate at which an objective breaks. */
export interface RateBounds {
  /** The highest rate at which it held; null when there is none. */
  readonly heldRps: number | null;
  /** The lowest rate at which it broke; null when there is none. */
  readonly limit: { readonly rateRps: number; readonly verdict: "broken" | "unsound" } | null;
}

/** When a search ends. */
export interface RateSearch {
  readonly firstRps: number;
  readonly maxRps: number;
  /** The search ends when the upper bound is at most this share above the lower. */
  readonly precision: number;
  readonly maxSteps: number;
}

const MIN_RPS = 1;

/**
 * Finds the rate at which an objective breaks: doubles or halves the first rate until one rate held and one
 * broke, then tries the geometric mean of the two. Rates are whole numbers; none is tried twice.
 */
export async function searchRate(
  search: RateSearch,
  attempt: (rateRps: number) => Promise<RateVerdict>,
): Promise<RateBounds> {
  let heldRps: number | null = null;
  let limit: RateBounds["limit"] = null;
  for (let step = 0; step < search.maxSteps; step++) {
    const rateRps = nextRate(search, heldRps, limit?.rateRps ?? null);
    if (rateRps === null) break;
    const verdict = await attempt(rateRps);
    if (verdict === "held") heldRps = rateRps;
    else limit = { rateRps, verdict };
  }
  return { heldRps, limit };
}

/** Null when there is nothing left to try. */
function nextRate(search: RateSearch, heldRps: number | null, limitRps: number | null): number | null {
  if (heldRps === null && limitRps === null) return clamp(search.firstRps, search.maxRps);
  if (limitRps === null) return differing(clamp((heldRps ?? 0) * 2, search.maxRps), heldRps);
  if (heldRps === null) return differing(clamp(limitRps / 2, search.maxRps), limitRps);
  if (limitRps <= heldRps * (1 + search.precision)) return null;
  const between = clamp(Math.sqrt(heldRps * limitRps), search.maxRps);
  return between <= heldRps || between >= limitRps ? null : between;
}

function clamp(rateRps: number, maxRps: number): number {
  return Math.min(maxRps, Math.max(MIN_RPS, Math.round(rateRps)));
}

function differing(rateRps: number, from: number | null): number | null {
  return rateRps === from ? null : rateRps;
}
