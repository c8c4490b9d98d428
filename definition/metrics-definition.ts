import { resolve } from "node:path";
import { z } from "zod";
import { UsageError } from "../core/index.ts";
import {
  childrenOf,
  type Expr,
  FIELD_METRICS,
  isMetricOf,
  loadRules,
  type RuleGroup,
  selectorsOf,
} from "../signals/index.ts";

const path = z.string().startsWith("/");
const fieldMetric = z.string().refine((name) => isMetricOf(FIELD_METRICS, name), {
  error: ({ input }) =>
    `expected a metric that triggers or scenarios read (docs/metrics.md), got ${JSON.stringify(input)}`,
});

/** `/metrics`, or the path with what the platform has by other names, or does not have. */
export const METRICS_SCHEMA = z.union([
  path.transform((only) => ({ path: only, rules: null, lacks: [] as readonly string[] })),
  z.strictObject({
    path,
    /** A file of recording rules that make the field's metrics of the platform's own. */
    rules: z.string().nullable().default(null),
    /** The field's metrics that it does not have. What needs them does not apply. */
    lacks: z.array(fieldMetric).readonly().default([]),
  }),
]);

/** Which metrics a platform exports, and how they are read. */
export interface MetricsDefinition {
  readonly path: string;
  /** Recording rules that make the field's metrics of the platform's own; none where it uses the field's names. */
  readonly mapping: readonly RuleGroup[];
  readonly lacks: readonly string[];
}

/**
 * Completes the metrics of a definition: reads its rules.
 *
 * @throws UsageError `bad-metrics-mapping` for a rule that cannot be part of a mapping; what is wrong with the file.
 */
export async function completeMetrics(
  { path: at, rules, lacks }: z.output<typeof METRICS_SCHEMA>,
  directory: string,
): Promise<MetricsDefinition> {
  if (rules === null) return { path: at, mapping: [], lacks };
  const file = resolve(directory, rules);
  const mapping = await loadRules(file);
  for (const { rules: each } of mapping) for (const rule of each) checkRule(rule, file);
  return { path: at, mapping, lacks };
}

function checkRule(rule: RuleGroup["rules"][number], file: string): void {
  if (rule.kind === "alert") throw badMapping(file, rule.name, "it is an alert, and a mapping only records");
  if (!isMetricOf(FIELD_METRICS, rule.name))
    throw badMapping(file, rule.name, "no trigger or scenario reads a metric of this name");
  if (looksBack(rule.expr))
    throw badMapping(file, rule.name, "it looks back in time, and a mapping sees one collection");
  const reads = selectorsOf(rule.expr).flatMap(({ matchers }) =>
    matchers
      .filter(({ name, operator }) => name === "__name__" && operator === "=")
      .map(({ value }) => value),
  );
  if (reads.includes(rule.name))
    throw badMapping(file, rule.name, "it reads the metric that it records, which would come twice");
}

function looksBack(expr: Expr): boolean {
  return expr.kind === "matrix-selector" || expr.kind === "subquery" || childrenOf(expr).some(looksBack);
}

function badMapping(file: string, rule: string, why: string): UsageError {
  return new UsageError({
    code: "bad-metrics-mapping",
    message: `Expected a mapping of metrics in ${file}, but of the rule for ${rule} holds: ${why}.`,
    nextStep: "docs/metrics.md lists the metrics of the field; docs/own-platform.md shows a mapping.",
  });
}
