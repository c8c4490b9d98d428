/** The time at which an expression is evaluated, within the range of its query. */
export interface Moment {
  readonly timeMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** How queries are evaluated. */
export interface EngineOptions {
  /** How long a sample is valid for its series when no newer one comes; Prometheus's default is 5 minutes. */
  readonly lookbackMs: number;
  /** The resolution of a subquery without one; Prometheus uses the rules' evaluation interval. */
  readonly subqueryStepMs: number;
  /**
   * Prometheus's feature `promql-delayed-name-removal`: names are removed at the end of a
   * query, not at each function.
   */
  readonly delayedNameRemoval: boolean;
  /** How many samples a subquery may hold at once. */
  readonly maxSamples: number;
  /** How long a query may run; meanwhile it blocks everything else in this process. */
  readonly timeoutMs: number;
  /** A monotonic clock, for the timeout. */
  readonly monotonicMs: () => number;
}

/**
 * Prometheus's defaults, but for its limits of 50,000,000 samples and two minutes: it is a server of its own, where
 * here a query shares its memory and its thread with a run. 5,000,000 samples take about 200 MB.
 */
export const DEFAULT_ENGINE: EngineOptions = {
  lookbackMs: 300_000,
  subqueryStepMs: 60_000,
  delayedNameRemoval: false,
  maxSamples: 5_000_000,
  timeoutMs: 10_000,
  monotonicMs: () => performance.now(),
};
