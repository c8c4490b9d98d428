export { AGE_METRICS, AgeScalingSink } from "./alerting/ages.ts";
export type { ActiveAlert } from "./alerting/alert-state.ts";
export { compressGroup, compressRule } from "./alerting/compress-rule.ts";
export { loadRules, parseRules } from "./alerting/load-rules.ts";
export { type NeverStored, neverStored } from "./alerting/never-stored.ts";
export {
  type AlertingRule,
  alertsOf,
  type RecordingRule,
  type Rule,
  type RuleGroup,
} from "./alerting/rule.ts";
export { RuleGroupEvaluator, type RuleOutcome } from "./alerting/rule-group-evaluator.ts";
export { PANELS, type Panel, renderDashboard } from "./exports/dashboard.ts";
export { renderRules } from "./exports/rules.ts";
export { ExpositionParser, parseExposition } from "./exposition/parse-exposition.ts";
export { GOLDEN_SIGNALS, type GoldenLimit, type GoldenSignal } from "./golden-signals.ts";
export { Labels, METRIC_NAME } from "./labels.ts";
export { childrenOf, type Expr, selectorsOf } from "./promql/ast.ts";
export { DEFAULT_ENGINE, type EngineOptions } from "./promql/engine-options.ts";
export { parsePromql } from "./promql/parse-promql.ts";
export { PromqlError } from "./promql/promql-error.ts";
export {
  type InstantResult,
  instantQuery,
  type RangeResult,
  type RangeSeries,
  rangeQuery,
} from "./promql/query.ts";
export { type QueryAnswer, type QueryElement, queryNumber, queryStore } from "./query-store.ts";
export { ALL_RULE_FILES, loadRuleFiles, RULE_FILES } from "./rule-files.ts";
export {
  DEFAULT_STORE_LIMITS,
  type Sample,
  type SampleSink,
  SampleStore,
  type SeriesSource,
  type StoreLimits,
} from "./sample-store.ts";
export type { SourceHealth } from "./scraped-source.ts";
export { Scraper, type ScraperOptions } from "./scraper.ts";
export { metricsSource } from "./sources/metrics-source.ts";
export { pgbouncerSource } from "./sources/pgbouncer-source.ts";
export { postgresSource } from "./sources/postgres-source.ts";
export {
  type AnsweredSeries,
  type PrometheusAlert,
  type PrometheusSource,
  prometheusSource,
} from "./sources/prometheus-source.ts";
export type { Source } from "./sources/source.ts";
export { type RuleTestOutcome, runRuleTests } from "./test-language/promtool-tests.ts";
export {
  type TriggerChange,
  type TriggerRecord,
  type TriggerState,
  TriggerWatch,
  type TriggerWatchOptions,
} from "./trigger-watch.ts";
