/** The moment at which an expression is evaluated, inside the range of its query. */
export interface Moment {
  readonly timeMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** How queries are evaluated. */
export interface EngineOptions {
  /** How long a sample stands for its series when no newer one comes; Prometheus's default is 5 minutes. */
  readonly lookbackMs: number;
  /** The resolution of a subquery that names none; Prometheus takes the rules' evaluation interval. */
  readonly subqueryStepMs: number;
  /** Prometheus's feature `promql-delayed-name-removal`: names go at the end of a query, not at each function. */
  readonly delayedNameRemoval: boolean;
  /** Prometheus's feature `type-and-unit-labels`: `__type__` and `__unit__` go wherever the metric name goes. */
  readonly typeAndUnitLabels: boolean;
}

/** Prometheus's defaults. */
export const DEFAULT_ENGINE: EngineOptions = {
  lookbackMs: 300_000,
  subqueryStepMs: 60_000,
  delayedNameRemoval: false,
  typeAndUnitLabels: false,
};
