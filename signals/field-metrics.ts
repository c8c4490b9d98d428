import { POOLER_METRICS } from "./sources/pgbouncer-source.ts";

/** A metric that platforms of this field export. */
interface FieldMetric {
  /** A histogram is named once, without the suffixes of its series. */
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  /** Those that rules and scenarios read, with the values that they know. */
  readonly labels: string;
  readonly meaning: string;
}

/**
 * The metrics of the field: what a trading platform tells about itself, by the names that triggers, scenarios and
 * dashboards ask for.
 */
export const FIELD_METRIC_TABLE: readonly FieldMetric[] = [
  {
    name: "csp_violations_total",
    kind: "counter",
    labels: "directive",
    meaning: "Violations of the content security policy that browsers reported.",
  },
  {
    name: "db_pool_connections",
    kind: "gauge",
    labels: "state (active, idle)",
    meaning: "Connections of the platform's own pool.",
  },
  {
    name: "db_pool_waiting_requests",
    kind: "gauge",
    labels: "",
    meaning: "Requests that wait for a connection.",
  },
  {
    name: "decimal_precision_errors_total",
    kind: "counter",
    labels: "",
    meaning: "Amounts that could not be stored exactly.",
  },
  {
    name: "event_loop_lag_seconds",
    kind: "histogram",
    labels: "",
    meaning: "How much later than planned a timer of the runtime fired.",
  },
  { name: "execution_enabled", kind: "gauge", labels: "", meaning: "1 while orders are executed." },
  {
    name: "feed_connected",
    kind: "gauge",
    labels: "feed",
    meaning: "1 while the socket of a venue's market data is open.",
  },
  {
    name: "feed_messages_total",
    kind: "counter",
    labels: "feed",
    meaning: "Messages of market data received.",
  },
  {
    name: "feed_resyncs_total",
    kind: "counter",
    labels: "feed, reason (gap, silent, disconnected, snapshot, …)",
    meaning: "Order books given up and built anew.",
  },
  {
    name: "feed_staleness_seconds",
    kind: "gauge",
    labels: "feed",
    meaning: "Time since the last market data of a venue.",
  },
  {
    name: "http_request_duration_seconds",
    kind: "histogram",
    labels: "route, status",
    meaning: "Time from a request's arrival to its answer.",
  },
  { name: "http_requests_total", kind: "counter", labels: "route, status", meaning: "Requests answered." },
  {
    name: "idempotency_conflicts_total",
    kind: "counter",
    labels: "",
    meaning: "Keys that came again with another body.",
  },
  {
    name: "idempotency_keys_stored",
    kind: "gauge",
    labels: "",
    meaning: "Idempotency keys in the database.",
  },
  {
    name: "idempotency_requests_total",
    kind: "counter",
    labels: "",
    meaning: "Orders requested with an idempotency key.",
  },
  {
    name: "orders_reconciled_total",
    kind: "counter",
    labels: "venue, result (found, never_arrived, …)",
    meaning: "Orders looked up at their venue because their outcome was not known.",
  },
  {
    name: "orders_total",
    kind: "counter",
    labels: "venue, outcome (accepted, rejected, unknown, not_sent)",
    meaning: "Orders sent to a venue, by what the sending brought.",
  },
  { name: "orders_unknown", kind: "gauge", labels: "", meaning: "Orders whose outcome is not known." },
  { name: "outbox_dispatched_total", kind: "counter", labels: "", meaning: "Events handed over to others." },
  {
    name: "outbox_oldest_age_seconds",
    kind: "gauge",
    labels: "",
    meaning: "Age of the oldest event that is not handed over.",
  },
  { name: "outbox_pending_events", kind: "gauge", labels: "", meaning: "Events that are not handed over." },
  {
    name: "risk_blocks_total",
    kind: "counter",
    labels: "reason (stale_book, …)",
    meaning: "Orders that the platform's own limits forbade.",
  },
  {
    name: "venue_request_duration_seconds",
    kind: "histogram",
    labels: "venue, operation",
    meaning: "Time that a venue took to answer.",
  },
  { name: "ws_clients", kind: "gauge", labels: "", meaning: "Open sockets of clients for quotes." },
  {
    name: "ws_disconnects_total",
    kind: "counter",
    labels: "",
    meaning: "Sockets of clients for quotes that closed.",
  },
];

/** Their names. */
export const FIELD_METRICS: readonly string[] = FIELD_METRIC_TABLE.map(({ name }) => name);

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
