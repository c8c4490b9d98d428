import { compressEngine, compressExpr } from "./alerting/compress-rule.ts";
import { DEFAULT_ENGINE } from "./promql/engine-options.ts";
import { parsePromql } from "./promql/parse-promql.ts";
import { PreparedQuery } from "./promql/query.ts";
import type { SeriesSource } from "./sample-store.ts";

/** One element of a query's result. */
export interface QueryElement {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The result of a query. No data is not the same as an empty result. */
export type QueryAnswer =
  | { readonly kind: "no-data" }
  | { readonly kind: "elements"; readonly elements: readonly QueryElement[] };

/**
 * Evaluates one expression over a store at one time. With a time scale, durations in the expression are
 * compressed, like those of triggers.
 *
 * @throws PromqlError when the expression cannot be parsed or evaluated, or is not a vector or scalar.
 */
export function queryStore(
  store: SeriesSource,
  expression: string,
  atMs: number,
  timeScale = 1,
): QueryAnswer {
  return evaluate(store, expression, atMs, timeScale).answer;
}

/** The result, and how many samples were read for it. */
function evaluate(
  store: SeriesSource,
  expression: string,
  atMs: number,
  timeScale: number,
): { readonly answer: QueryAnswer; readonly samples: number } {
  const expr = compressExpr(parsePromql(expression), timeScale);
  const query = new PreparedQuery(expression, expr, store, compressEngine(DEFAULT_ENGINE, timeScale));
  const { value, hasData, samples } = query.at(atMs);
  if (!hasData) return { answer: { kind: "no-data" }, samples };
  const elements = query
    .elementsOf(value)
    .map((element) => ({ labels: element.labels.toRecord(), value: element.value }));
  return { answer: { kind: "elements", elements }, samples };
}

/** The result of a query for one number. */
export type NumberAnswer =
  | { readonly kind: "number"; readonly value: number; readonly samples: number }
  /** No sample, no element, or NaN. */
  | { readonly kind: "no-data" }
  /** More than one series, so that there is no single number. */
  | { readonly kind: "several"; readonly series: number };

/**
 * Queries the one number that an expression returns at a time.
 *
 * @throws PromqlError like `queryStore`.
 */
export function askNumber(
  store: SeriesSource,
  expression: string,
  atMs: number,
  timeScale = 1,
): NumberAnswer {
  const { answer, samples } = evaluate(store, expression, atMs, timeScale);
  if (answer.kind === "no-data") return answer;
  const { elements } = answer;
  if (elements.length > 1) return { kind: "several", series: elements.length };
  const value = elements[0]?.value ?? Number.NaN;
  return Number.isNaN(value) ? { kind: "no-data" } : { kind: "number", value, samples };
}

/**
 * The one number that an expression returns at a time; undefined when it returns none, several, or NaN.
 *
 * @throws PromqlError like `queryStore`.
 */
export function queryNumber(
  store: SeriesSource,
  expression: string,
  atMs: number,
  timeScale = 1,
): number | undefined {
  const answer = askNumber(store, expression, atMs, timeScale);
  return answer.kind === "number" ? answer.value : undefined;
}
