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

/** What a query found: nothing measured is not the same as nothing found. */
export type QueryAnswer =
  | { readonly kind: "no-data" }
  | { readonly kind: "elements"; readonly elements: readonly QueryElement[] };

/**
 * Evaluates one expression over a store at one moment. With a time scale, durations in the expression are
 * compressed, as those of triggers are.
 *
 * @throws PromqlError when the expression cannot be parsed or evaluated, or is no vector or scalar.
 */
export function queryStore(
  store: SeriesSource,
  expression: string,
  atMs: number,
  timeScale = 1,
): QueryAnswer {
  const expr = compressExpr(parsePromql(expression), timeScale);
  const query = new PreparedQuery(expression, expr, store, compressEngine(DEFAULT_ENGINE, timeScale));
  const { value, hasData } = query.at(atMs);
  if (!hasData) return { kind: "no-data" };
  return {
    kind: "elements",
    elements: query
      .elementsOf(value)
      .map((element) => ({ labels: element.labels.toRecord(), value: element.value })),
  };
}

/**
 * The one number that an expression returns at a moment; undefined when it returns none, several, or NaN.
 *
 * @throws PromqlError as `queryStore`.
 */
export function queryNumber(
  store: SeriesSource,
  expression: string,
  atMs: number,
  timeScale = 1,
): number | undefined {
  const answer = queryStore(store, expression, atMs, timeScale);
  if (answer.kind === "no-data" || answer.elements.length !== 1) return undefined;
  const value = answer.elements[0]?.value;
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
