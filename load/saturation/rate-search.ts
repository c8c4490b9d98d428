/** What a rate came to: it held the objective, it broke it, or the generator itself could not make it. */
export type RateVerdict = "held" | "broken" | "unsound";

/** The bounds within which the rate lies at which an objective breaks. */
export interface RateBounds {
  /** The highest rate that held; null when none did. */
  readonly heldRps: number | null;
  /** The lowest rate that did not; null when all did. */
  readonly limit: { readonly rateRps: number; readonly verdict: "broken" | "unsound" } | null;
}

/** How long a search goes on. */
export interface RateSearch {
  readonly firstRps: number;
  readonly maxRps: number;
  /** The bounds are close enough when the upper is at most this share above the lower. */
  readonly precision: number;
  readonly maxSteps: number;
}

const MIN_RPS = 1;

/**
 * Finds the rate at which an objective breaks: doubles or halves the first rate until one rate passed and one
 * failed, then tries the geometric mean of the two. Rates are whole numbers; none is tried twice.
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
