export { AgeScalingSink } from "./alerting/ages.ts";

export { loadRules, parseRules } from "./alerting/load-rules.ts";
export { type NeverStored, neverStored } from "./alerting/never-stored.ts";
export {
  type AlertingRule,
  alertsOf,
  type RuleGroup,
} from "./alerting/rule.ts";

export { auditedSource, metricsOf } from "./audit/audited-source.ts";
export { PageAudit } from "./audit/page-audit.ts";
export { CONDITION_SCHEMA, type Condition, OCCURRENCE_SCHEMA, PROMQL_SCHEMA } from "./condition.ts";
export { documentMetrics } from "./document-metrics.ts";
export { PANELS, renderDashboard } from "./exports/dashboard.ts";
export type { ExportTarget } from "./exports/export-target.ts";
export { renderRules } from "./exports/rules.ts";

export { readMetricsPage } from "./exposition/read-metrics-page.ts";
export { FIELD_METRICS, isMetricOf, KNOWN_METRICS } from "./field-metrics.ts";
export { describeLimit, keepsLimit, queryOver } from "./golden-limits.ts";
export { GOLDEN_SIGNALS, type GoldenSignal } from "./golden-signals.ts";
export { Labels, METRIC_NAME } from "./labels.ts";
export { createMatcher, type MatchOperator } from "./matcher.ts";
export {
  allowedShare,
  BURN_WINDOWS,
  type BurnWindow,
  budgetLeftExpression,
  burningShare,
} from "./objectives/burn-rate.ts";
export { OBJECTIVES, type Objective } from "./objectives/objective.ts";
export { childrenOf, type Expr, selectorsOf } from "./promql/ast.ts";
export { parsePromql } from "./promql/parse-promql.ts";
export { sameExpression } from "./promql/same-expression.ts";

export { askNumber, queryNumber, queryStore } from "./query-store.ts";
export { ALL_RULE_FILES, loadRuleFiles, RULE_FILES } from "./rule-files.ts";
export { type Sample, SampleStore } from "./sample-store.ts";
export type { SourceHealth } from "./scraped-source.ts";

export { Scraper } from "./scraper.ts";
export { type MappedSource, mappedSource } from "./sources/mapped-source.ts";
export { metricsSource } from "./sources/metrics-source.ts";
export { pgbouncerSource } from "./sources/pgbouncer-source.ts";
export { postgresSource } from "./sources/postgres-source.ts";
export {
  type PrometheusRule,
  type PrometheusSource,
  type PrometheusTarget,
  prometheusSource,
} from "./sources/prometheus-source.ts";
export type { Source } from "./sources/source.ts";
export { runRuleTests } from "./test-language/promtool-tests.ts";
export {
  type TriggerChange,
  type TriggerRecord,
  type TriggerState,
  TriggerWatch,
} from "./trigger-watch.ts";
