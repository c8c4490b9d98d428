import { Labels } from "../labels.ts";
import type { SeriesSource } from "../sample-store.ts";
import type { Annotations } from "./annotations.ts";
import { type Expr, selectorsOf } from "./ast.ts";
import { DEFAULT_ENGINE, type EngineOptions } from "./engine-options.ts";
import { Evaluator } from "./evaluator.ts";
import { parsePromql } from "./parse-promql.ts";
import { PromqlError } from "./promql-error.ts";
import type { Value } from "./value.ts";

/** The result of an instant query. */
export interface InstantResult {
  readonly value: Value;
  readonly annotations: Annotations;
  /** Whether the expression's selectors found any sample at all. An expression without selectors has data. */
  readonly hasData: boolean;
  /** The number of samples read; a sample in several ranges counts in each. */
  readonly samples: number;
}

/** One series of a range query's result. */
interface RangeSeries {
  readonly labels: Labels;
  readonly points: readonly { readonly timeMs: number; readonly value: number }[];
}

/** The result of a range query, ordered by labels. */
export interface RangeResult {
  readonly series: readonly RangeSeries[];
  readonly annotations: Annotations;
}

/** The moments of a range query. */
interface QueryRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** Prometheus's limit of points per series. */
const MAX_POINTS = 11_000;

/** An expression that can be evaluated repeatedly over one source. */
export class PreparedQuery {
  readonly text: string;
  readonly expr: Expr;
  readonly #evaluator: Evaluator;
  readonly #hasSelectors: boolean;

  constructor(text: string, expr: Expr, source: SeriesSource, options: EngineOptions) {
    this.text = text;
    this.expr = expr;
    this.#evaluator = new Evaluator(text, source, options);
    this.#hasSelectors = selectorsOf(expr).length > 0;
  }

  /** The annotations collected so far. */
  get annotations(): Annotations {
    return this.#evaluator.annotations;
  }

  /**
   * The elements of a value of this query: a scalar becomes one without labels.
   *
   * @throws PromqlError `promql-type` for a string or a range vector.
   */
  elementsOf(value: Value): readonly { readonly labels: Labels; readonly value: number }[] {
    if (value.kind === "vector") return value.samples;
    if (value.kind === "scalar") return [{ labels: Labels.empty, value: value.value }];
    throw new PromqlError(
      "promql-type",
      `invalid expression type "${value.kind}" for range query, must be Scalar or instant Vector`,
      this.text,
      this.expr.span,
    );
  }

  /** The value at one moment. */
  at(timeMs: number): InstantResult {
    this.#evaluator.begin();
    return this.#at(timeMs, [timeMs, timeMs]);
  }

  /**
   * The values at each step from `startMs` to `endMs`, both inclusive, as one query.
   *
   * @throws PromqlError `promql-limit` for more steps than Prometheus allows, and for a
   *   query that takes too long.
   */
  *within({ startMs, endMs, stepMs }: QueryRange): IterableIterator<InstantResult & { timeMs: number }> {
    if (!(stepMs > 0)) this.#refuse("zero or negative query resolution step widths are not accepted");
    if ((endMs - startMs) / stepMs > MAX_POINTS)
      this.#refuse("exceeded maximum resolution of 11,000 points per timeseries");
    this.#evaluator.begin();
    for (let timeMs = startMs; timeMs <= endMs; timeMs += stepMs)
      yield { timeMs, ...this.#at(timeMs, [startMs, endMs]) };
  }

  #refuse(reason: string): never {
    throw new PromqlError("promql-limit", reason, this.text, this.expr.span);
  }

  /** @param rangeMs the times for `start()` and `end()`. */
  #at(timeMs: number, rangeMs: readonly [start: number, end: number]): InstantResult {
    const evaluator = this.#evaluator;
    evaluator.selection.touchedSeries = 0;
    evaluator.selection.touchedSamples = 0;
    const raw = evaluator.evaluate(this.expr, { timeMs, startMs: rangeMs[0], endMs: rangeMs[1] });
    const value = raw.kind === "vector" ? evaluator.dropNames(raw, this.expr) : raw;
    const hasData = !this.#hasSelectors || evaluator.selection.touchedSeries > 0;
    const samples = evaluator.selection.touchedSamples;
    return { value, annotations: evaluator.annotations, hasData, samples };
  }
}

/**
 * Evaluates an expression at one moment, given in milliseconds since the epoch.
 *
 * @throws PromqlError when it cannot be parsed or evaluated.
 */
export function instantQuery(
  source: SeriesSource,
  text: string,
  timeMs: number,
  options: Partial<EngineOptions> = {},
): InstantResult {
  return prepareQuery(source, text, options).at(timeMs);
}

/** Evaluates an expression at each step from `startMs` to `endMs`, both inclusive. */
export function rangeQuery(
  source: SeriesSource,
  text: string,
  range: QueryRange,
  options: Partial<EngineOptions> = {},
): RangeResult {
  const query = prepareQuery(source, text, options);
  const columns = new Map<string, { labels: Labels; points: { timeMs: number; value: number }[] }>();
  for (const { timeMs, value: vector } of query.within(range)) {
    for (const { labels, value } of query.elementsOf(vector)) {
      const column = columns.get(labels.key);
      if (column === undefined) columns.set(labels.key, { labels, points: [{ timeMs, value }] });
      else column.points.push({ timeMs, value });
    }
  }
  const series = [...columns.values()].sort((left, right) => (left.labels.key < right.labels.key ? -1 : 1));
  return { series, annotations: query.annotations };
}

/** Parses an expression for repeated evaluation over one source. */
function prepareQuery(
  source: SeriesSource,
  text: string,
  options: Partial<EngineOptions> = {},
): PreparedQuery {
  return new PreparedQuery(text, parsePromql(text), source, { ...DEFAULT_ENGINE, ...options });
}
