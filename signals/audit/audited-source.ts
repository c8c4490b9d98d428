import type { Clock } from "../../core/index.ts";
import type { RuleGroup } from "../alerting/rule.ts";
import { METRIC_NAME } from "../labels.ts";
import { selectorsOf } from "../promql/ast.ts";
import { parsePromql } from "../promql/parse-promql.ts";
import type { Source } from "../sources/source.ts";
import type { PageAudit } from "./page-audit.ts";

/** Returns the same source; an audit checks each of its pages. */
export function auditedSource(source: Source, audit: PageAudit, clock: Pick<Clock, "nowMs">): Source {
  return {
    ...source,
    async collect(signal) {
      const samples = await source.collect(signal);
      audit.look(samples, clock.nowMs());
      return samples;
    },
  };
}

/**
 * Returns the names of the metrics that rules and other expressions read.
 *
 * @throws PromqlError for an expression that cannot be parsed.
 */
export function metricsOf(groups: readonly RuleGroup[], expressions: readonly string[]): ReadonlySet<string> {
  const parsed = [
    ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
    ...expressions.map((expression) => parsePromql(expression)),
  ];
  const matchers = parsed.flatMap((expr) => selectorsOf(expr).flatMap((selector) => selector.matchers));
  const names = matchers.filter(({ name, operator }) => name === METRIC_NAME && operator === "=");
  return new Set(names.map(({ value }) => value));
}
