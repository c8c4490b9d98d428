/** The positive half of the grid: fine where effects are small, up to a factor of about 1,000. */
const POSITIVE = [
  0.02, 0.05, 0.09, 0.14, 0.2, 0.28, 0.38, 0.5, 0.65, 0.85, 1.1, 1.4, 1.8, 2.3, 2.9, 3.6, 4.5, 5.6, 6.9,
] as const;

/**
 * The parameter values for which likelihoods are kept, as logarithms of a factor: 0 is the null hypothesis, log 2 says
 * that the candidate's odds are twice the stable's, or twice the limit.
 */
export const LOG_FACTORS: readonly number[] = [...[...POSITIVE].reverse().map((g) => -g), 0, ...POSITIVE];
const NULL = POSITIVE.length;

/**
 * What data say about a factor: its log-likelihood at each of LOG_FACTORS. Evidence of independent looks is added.
 *
 * Its ratios are test martingales: under the null hypothesis a mean of them exceeds 1/α with a probability of at most α
 * at *any* time, however often somebody looks (Ville's inequality). So every look may decide.
 */
export type Evidence = readonly number[];

/** Of no data. */
export const NO_EVIDENCE: Evidence = LOG_FACTORS.map(() => 0);

/** Returns what both say together. */
export function addEvidence(a: Evidence, b: Evidence): Evidence {
  return a.map((value, index) => value + (b[index] ?? 0));
}

/** Makes evidence from a function of the logarithm of the factor. */
export function evidenceFrom(logLikelihood: (logFactor: number) => number): Evidence {
  return LOG_FACTORS.map(logLikelihood);
}

/**
 * Returns the logarithm of the evidence that the factor is above 1, against every factor of at most 1. At or above
 * log(1/α) it is proved at the level α. Likelihoods that come here have monotone ratios, so that the bound for the
 * factor 1 holds for all smaller ones.
 */
export function logEvidenceAbove(evidence: Evidence): number {
  return logMean(evidence.slice(NULL + 1)) - at(evidence, NULL);
}

/** A range of factors. */
export interface FactorInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Returns the factors that are not refuted at the level α: with a probability of at least 1 − α the true one is
 * inside at all times together. An end beyond the grid is 0 or infinite.
 */
export function intervalOf(evidence: Evidence, alpha: number): FactorInterval {
  const most = logMean(evidence) + Math.log(alpha);
  const inside = evidence.map((value) => value > most);
  const first = inside.indexOf(true);
  const last = inside.lastIndexOf(true);
  return {
    low: first <= 0 ? 0 : Math.exp(crossing(evidence, first - 1, first, most)),
    high:
      last === evidence.length - 1
        ? Number.POSITIVE_INFINITY
        : Math.exp(crossing(evidence, last, last + 1, most)),
  };
}

/** Returns the factor that explains the data best. */
export function estimateOf(evidence: Evidence): number {
  const best = evidence.indexOf(Math.max(...evidence));
  return Math.exp(at(LOG_FACTORS, best));
}

/** Where the log-likelihood crosses a value between two points, as if it were straight there. */
function crossing(evidence: Evidence, from: number, to: number, value: number): number {
  const [low, high] = [at(evidence, from), at(evidence, to)];
  const part = high === low ? 0.5 : (value - low) / (high - low);
  return at(LOG_FACTORS, from) + part * (at(LOG_FACTORS, to) - at(LOG_FACTORS, from));
}

function logMean(values: readonly number[]): number {
  const most = Math.max(...values);
  if (most === Number.NEGATIVE_INFINITY) return most;
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0) / values.length);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.NaN;
}
