import { POOLER_METRICS } from "./sources/pgbouncer-source.ts";

/**
 * The metrics of the field: what a trading platform tells about itself, by the names that triggers, scenarios and
 * dashboards ask for. A histogram is named once, without the suffixes of its series.
 */
export const FIELD_METRICS: readonly string[] = [
  "csp_violations_total",
  "db_pool_connections",
  "db_pool_waiting_requests",
  "decimal_precision_errors_total",
  "event_loop_lag_seconds",
  "execution_enabled",
  "feed_connected",
  "feed_messages_total",
  "feed_resyncs_total",
  "feed_staleness_seconds",
  "http_request_duration_seconds",
  "http_requests_total",
  "idempotency_conflicts_total",
  "idempotency_keys_stored",
  "idempotency_requests_total",
  "orders_reconciled_total",
  "orders_total",
  "orders_unknown",
  "outbox_dispatched_total",
  "outbox_oldest_age_seconds",
  "outbox_pending_events",
  "risk_blocks_total",
  "venue_request_duration_seconds",
  "ws_clients",
  "ws_disconnects_total",
];

/** What kanit measures besides: the pooler, health, and scraping itself. */
const HARNESS_METRICS: readonly string[] = [
  ...POOLER_METRICS,
  "probe_success",
  "scrape_duration_seconds",
  "up",
];

/** The metrics that are expected in a lab, apart from those of a runtime. */
export const KNOWN_METRICS: readonly string[] = [...FIELD_METRICS, ...HARNESS_METRICS];

/** What clients of Prometheus collect by themselves, of a process and of its language, by how their names begin. */
const RUNTIME_PREFIXES: readonly string[] = ["process_", "nodejs_", "go_", "python_", "jvm_"];

const HISTOGRAM_SUFFIX = /_(?:bucket|sum|count)$/;

/** Whether a metric is one of these, or of a runtime. A histogram's series have suffixes that its name has not. */
export function isMetricOf(names: readonly string[], metric: string): boolean {
  if (RUNTIME_PREFIXES.some((prefix) => metric.startsWith(prefix))) return true;
  return names.includes(metric) || names.includes(metric.replace(HISTOGRAM_SUFFIX, ""));
}
