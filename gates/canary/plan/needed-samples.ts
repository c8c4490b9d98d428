import type { CanarySignal, Tolerance } from "../judge/canary-signal.ts";
import { limitOf } from "../judge/canary-signal.ts";

/** The part of the stages that find a change of the size which a signal says; 0.8416 is its normal quantile. */
const POWER_Z = 0.8416;
/** Evidence that a mean over unknown factors costs against knowing the factor. */
const MIXTURE_COST = 2;
/** What shows, with 95 % confidence, that a limit is kept. */
const KEPT = Math.log(20) + MIXTURE_COST;
/** The share of bad requests that a sound release has. */
const SOUND_SHARE = 0.001;
const LEAST_LOOKS = 5;

/**
 * Returns how many samples of the candidate a stage needs for a pass: so many that the change which the signal must
 * detect is found in four of five cases, and that a limit which is kept is shown to be.
 *
 * @param logThreshold The evidence at which the judge decides: log(1/α).
 */
export function neededSamples(signal: CanarySignal, sharePercent: number, logThreshold: number): number {
  const { source } = signal;
  if (source.kind === "gauge") return LEAST_LOOKS;
  const needs = [comparisonSamples(signal, sharePercent / 100, logThreshold), limitSamples(signal)];
  return Math.ceil(Math.max(1, ...needs));
}

function comparisonSamples({ source, detects }: CanarySignal, share: number, logThreshold: number): number {
  // Nobody is left to compare with.
  if (share >= 1) return 0;
  const { growth, square } =
    source.kind === "durations" ? durationGrowth(detects, share) : countGrowth(detects, share);
  return solve(growth, square, logThreshold + MIXTURE_COST);
}

/** The evidence of one duration, as of an exponential distribution that is stretched, and the mean of its square. */
function durationGrowth({ ratio }: Tolerance, share: number) {
  const perDuration = (1 - share) * Math.log(ratio) ** 2;
  return { growth: perDuration / 2, square: perDuration };
}

/** The evidence of one request: bad ones are rare, and each says by its arm which one has more. */
function countGrowth({ difference }: Tolerance, share: number) {
  const worse = SOUND_SHARE + difference;
  const bad = worse + (SOUND_SHARE * (1 - share)) / share;
  const inCandidate = worse / bad;
  const here = Math.log(inCandidate / share);
  const there = Math.log((1 - inCandidate) / (1 - share));
  return {
    growth: bad * (inCandidate * here + (1 - inCandidate) * there),
    square: bad * (inCandidate * here ** 2 + (1 - inCandidate) * there ** 2),
  };
}

function limitSamples(signal: CanarySignal): number {
  const limit = limitOf(signal);
  if (limit === null) return 0;
  switch (signal.source.kind) {
    case "share":
    case "status-share":
      return KEPT / limit;
    case "durations":
      return signal.source.statistic === "p95" ? KEPT / 0.05 : 0;
    case "events":
    case "gauge":
      return 0;
  }
}

/** The n at which n·growth exceeds the threshold by the power's quantile of its deviation. */
function solve(growth: number, square: number, threshold: number): number {
  const deviation = POWER_Z * Math.sqrt(square);
  return ((deviation + Math.sqrt(deviation ** 2 + 4 * growth * threshold)) / (2 * growth)) ** 2;
}
