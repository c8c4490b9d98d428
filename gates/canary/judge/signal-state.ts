import {
  compareEvents,
  compareShares,
  eventsAgainstLimit,
  shareAgainstLimit,
} from "../statistics/count-evidence.ts";
import { addEvidence, type Evidence, NO_EVIDENCE } from "../statistics/evidence.ts";
import { countAbove, type Histogram, haveSameBuckets, meanOf, sizeOf } from "../statistics/histogram.ts";
import { compareDurations } from "../statistics/rank-evidence.ts";
import { type CanarySignal, limitOf } from "./canary-signal.ts";
import { addGrowths, type CanaryLook, type Growth, type Measured } from "./growth.ts";

/** What is known of a signal since its stage began. */
export interface SignalState {
  readonly stable: Growth | null;
  readonly candidate: Growth | null;
  /** That the candidate is worse than the stable at the same time. */
  readonly comparison: Evidence;
  /** That the candidate is beyond the absolute limit. */
  readonly limit: Evidence;
  readonly looks: number;
  readonly unknownLooks: number;
  /** Why the latest look could not measure it; null when it could. */
  readonly unknown: string | null;
  /** How many looks up to the latest one the candidate's gauge was over the limit, and the stable's was not. */
  readonly looksOver: number;
}

/** A stage that has just begun. */
export const NEW_SIGNAL: SignalState = {
  stable: null,
  candidate: null,
  comparison: NO_EVIDENCE,
  limit: NO_EVIDENCE,
  looks: 0,
  unknownLooks: 0,
  unknown: null,
  looksOver: 0,
};

/** Five of a hundred durations may be above the limit of a P95; of a mean, every second look. */
const P95_SHARE = 0.05;
const MEAN_SHARE = 0.5;

/** Adds what a look measured. A look that lacks one arm adds nothing, and is counted as unknown. */
export function addLook(signal: CanarySignal, state: SignalState, look: CanaryLook): SignalState {
  const looks = state.looks + 1;
  const [stable, candidate] = [growthIn(signal, look, "stable"), growthIn(signal, look, "candidate")];
  const why =
    problemOf(stable, candidate) ??
    changedBuckets("candidate", state.candidate, candidate) ??
    changedBuckets("stable", state.stable, stable);
  if (why !== null || stable.kind === "unknown" || candidate.kind === "unknown") {
    return { ...state, looks, unknownLooks: state.unknownLooks + 1, unknown: why };
  }
  return {
    stable: addGrowths(state.stable, stable.value),
    candidate: addGrowths(state.candidate, candidate.value),
    comparison: addEvidence(state.comparison, comparisonOf(candidate.value, stable.value)),
    limit: addEvidence(state.limit, limitEvidence(signal, candidate.value)),
    looks,
    unknownLooks: state.unknownLooks,
    unknown: null,
    looksOver: isOver(signal, candidate.value) && !isOver(signal, stable.value) ? state.looksOver + 1 : 0,
  };
}

function growthIn({ id }: CanarySignal, look: CanaryLook, arm: "stable" | "candidate"): Measured<Growth> {
  return look[arm].growths[id] ?? { kind: "unknown", why: "it was not measured" };
}

function problemOf(stable: Measured<Growth>, candidate: Measured<Growth>): string | null {
  if (candidate.kind === "unknown") return `candidate: ${candidate.why}`;
  if (stable.kind === "unknown") return `stable: ${stable.why}`;
  const [a, b] = [candidate.value, stable.value];
  if (a.kind === "durations" && b.kind === "durations" && !haveSameBuckets(a.histogram, b.histogram)) {
    return "the arms have different buckets, so that their durations cannot be compared";
  }
  return a.kind === b.kind ? null : `expected ${b.kind} of both arms, got ${a.kind} of the candidate`;
}

/** A new version of an arm may count in other buckets, which cannot be added to those before. */
function changedBuckets(arm: string, before: Growth | null, now: Measured<Growth>): string | null {
  if (before?.kind !== "durations" || now.kind === "unknown" || now.value.kind !== "durations") return null;
  const isSame = haveSameBuckets(before.histogram, now.value.histogram);
  return isSame ? null : `${arm}: its buckets are others than at the beginning of the stage`;
}

function comparisonOf(candidate: Growth, stable: Growth): Evidence {
  if (candidate.kind === "share" && stable.kind === "share") {
    const whole = { candidate, stable };
    return eachRoute(candidate.byRoute, stable.byRoute, whole, compareShares);
  }
  if (candidate.kind === "durations" && stable.kind === "durations") {
    const whole = { candidate: candidate.histogram, stable: stable.histogram };
    return eachRoute(candidate.byRoute, stable.byRoute, whole, compareHistograms);
  }
  if (candidate.kind === "events" && stable.kind === "events") {
    const exposed = ({ events, requests }: typeof candidate) => ({ events, exposure: requests });
    return compareEvents(exposed(candidate), exposed(stable));
  }
  return NO_EVIDENCE;
}

/** A route that the arms count in different buckets says nothing. */
function compareHistograms(candidate: Histogram, stable: Histogram): Evidence {
  return haveSameBuckets(candidate, stable) ? compareDurations(candidate, stable) : NO_EVIDENCE;
}

/**
 * Compares route by route, so that arms which are asked for other things do not look different, and the differences
 * between routes do not hide one between arms. Where routes are not known, the whole is compared.
 */
function eachRoute<Value>(
  candidate: Readonly<Record<string, Value>>,
  stable: Readonly<Record<string, Value>>,
  whole: { readonly candidate: Value; readonly stable: Value },
  compare: (candidate: Value, stable: Value) => Evidence,
): Evidence {
  const routes = Object.entries(candidate);
  if (routes.length === 0) return compare(whole.candidate, whole.stable);
  return routes.reduce((evidence, [route, own]) => {
    const other = stable[route];
    return other === undefined ? evidence : addEvidence(evidence, compare(own, other));
  }, NO_EVIDENCE);
}

function limitEvidence(signal: CanarySignal, candidate: Growth): Evidence {
  const limit = limitOf(signal);
  if (limit === null) return NO_EVIDENCE;
  switch (candidate.kind) {
    case "share":
      return shareAgainstLimit(candidate, limit);
    case "durations": {
      const { histogram } = candidate;
      const total = sizeOf(histogram);
      if (signal.source.kind === "durations" && signal.source.statistic === "p95") {
        return shareAgainstLimit({ bad: countAbove(histogram, limit), total }, P95_SHARE);
      }
      if (total === 0) return NO_EVIDENCE;
      return shareAgainstLimit({ bad: meanOf(histogram) > limit ? 1 : 0, total: 1 }, MEAN_SHARE);
    }
    case "events":
      return eventsAgainstLimit({ events: candidate.events, exposure: candidate.minutes }, limit);
    case "gauge":
      return NO_EVIDENCE;
  }
}

function isOver(signal: CanarySignal, growth: Growth): boolean {
  const limit = limitOf(signal);
  return limit !== null && growth.kind === "gauge" && growth.value > limit;
}
