import type { CanaryShareRecord } from "../../../evidence/index.ts";
import { shareAgainstLimit } from "../statistics/count-evidence.ts";
import { addEvidence, type Evidence, intervalOf, NO_EVIDENCE } from "../statistics/evidence.ts";
import type { CanaryLook } from "./growth.ts";

/** What is known of the share since the stage began. */
export interface ShareState {
  readonly candidateRequests: number;
  readonly stableRequests: number;
  readonly evidence: Evidence;
  /** How many looks up to the latest one counted no request in either arm, or could not count. */
  readonly silentLooks: number;
  /** How many looks up to the latest one counted no request of the candidate although it should have had many. */
  readonly starvedLooks: number;
  readonly unknown: string | null;
}

/** A stage that has just begun. */
export const NEW_SHARE: ShareState = {
  candidateRequests: 0,
  stableRequests: 0,
  evidence: NO_EVIDENCE,
  silentLooks: 0,
  starvedLooks: 0,
  unknown: null,
};

/**
 * Balancers have weights of whole numbers, and clients stick, so the odds of a share may be off by this part. Of the
 * odds, since an arm that counts every second request only halves them at any share.
 */
const SLACK = 0.2;
const LEVEL = 0.001;
/** So many requests expected and none seen have a probability below one in a thousand. */
const STARVED_FROM = 7;
const SILENT_LOOKS = 2;
/** Below this the interval is still wider than a share. */
const LEAST_REQUESTS = 100;

/** Adds the requests that a look counted. */
export function addShare(
  state: ShareState,
  { candidate, stable }: CanaryLook,
  askedPercent: number,
): ShareState {
  const unknown =
    candidate.requests.kind === "unknown"
      ? `candidate: ${candidate.requests.why}`
      : stable.requests.kind === "unknown"
        ? `stable: ${stable.requests.why}`
        : null;
  if (candidate.requests.kind === "unknown" || stable.requests.kind === "unknown") {
    return { ...state, unknown, silentLooks: state.silentLooks + 1 };
  }
  const [bad, rest] = [candidate.requests.value, stable.requests.value];
  const total = bad + rest;
  const asked = askedPercent / 100;
  const starved = bad === 0 && total * asked >= STARVED_FROM;
  return {
    candidateRequests: state.candidateRequests + bad,
    stableRequests: state.stableRequests + rest,
    evidence: asked < 1 ? addEvidence(state.evidence, shareAgainstLimit({ bad, total }, asked)) : NO_EVIDENCE,
    silentLooks: total === 0 ? state.silentLooks + 1 : 0,
    starvedLooks: starved ? state.starvedLooks + 1 : 0,
    unknown,
  };
}

/** Compares the measured share with the asked one. Only requests that arms counted are a measurement. */
export function judgeShare(state: ShareState, askedPercent: number): CanaryShareRecord {
  const { candidateRequests, stableRequests } = state;
  const total = candidateRequests + stableRequests;
  const measuredPercent = total === 0 ? null : (100 * candidateRequests) / total;
  const { low, high } = percentInterval(state, askedPercent);
  // A single request that comes past the balancer is no other share than 100 %.
  const asked =
    askedPercent === 100
      ? { low: 100 * (1 - SLACK), high: 100 }
      : { low: percentOf(askedPercent, 1 - SLACK), high: percentOf(askedPercent, 1 / (1 - SLACK)) };
  const known = { askedPercent, measuredPercent, low, high, candidateRequests, stableRequests };
  const shown = measuredPercent === null ? "nothing" : `${Number(measuredPercent.toPrecision(3))} %`;
  const problem =
    state.unknown !== null
      ? `the requests could not be counted: ${state.unknown}`
      : state.silentLooks >= SILENT_LOOKS
        ? `no request reached either arm in the last ${state.silentLooks} looks`
        : state.starvedLooks > 0
          ? "no request reached the candidate in the latest look, although the stable had many"
          : total < LEAST_REQUESTS
            ? `${total} requests are too few to measure a share`
            : high < asked.low || low > asked.high
              ? `the candidate gets ${shown} of the requests and not the asked ${askedPercent} %`
              : null;
  if (problem !== null) return { ...known, verdict: "inconclusive", reason: problem };
  return { ...known, verdict: "pass", reason: `the candidate gets ${shown} of the requests` };
}

function percentInterval({ evidence, candidateRequests, stableRequests }: ShareState, askedPercent: number) {
  if (askedPercent === 100) {
    const part = (100 * candidateRequests) / Math.max(1, candidateRequests + stableRequests);
    return { low: part, high: part };
  }
  const { low, high } = intervalOf(evidence, LEVEL);
  return { low: percentOf(askedPercent, low), high: percentOf(askedPercent, high) };
}

/** The share whose odds are those of the asked one times a factor. */
function percentOf(askedPercent: number, factor: number): number {
  if (factor === Infinity) return 100;
  const odds = (factor * askedPercent) / (100 - askedPercent);
  return (100 * odds) / (1 + odds);
}
