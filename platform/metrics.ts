import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { FEEDS, ORDER_VENUES } from "./venues/venue.ts";

const LATENCY_BUCKETS_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 10,
];
const LAG_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

const RESYNC_REASONS = ["gap", "crossed", "silent", "disconnected", "malformed", "snapshot"] as const;
export type ResyncReason = (typeof RESYNC_REASONS)[number];
const RISK_REASONS = ["max_quantity", "max_notional", "price_too_far", "stale_book"] as const;
export type RiskReason = (typeof RISK_REASONS)[number];
export const CSP_DIRECTIVES = [
  "default-src",
  "script-src",
  "script-src-elem",
  "script-src-attr",
  "style-src",
  "style-src-elem",
  "style-src-attr",
  "img-src",
  "connect-src",
  "font-src",
  "frame-src",
  "frame-ancestors",
  "form-action",
  "base-uri",
  "object-src",
  "other",
] as const;
const GC_KINDS = ["major", "minor", "incremental", "weakcb"];
const ORDER_OUTCOMES = ["accepted", "rejected", "unknown", "not_sent"] as const;
const RECONCILE_RESULTS = ["found", "never_arrived", "lookup_failed", "updated", "recovered"] as const;

/**
 * A route's template and the statuses that it answers, so that each series begins at 0 and `rate()` sees its
 * first increase.
 */
export interface KnownRoute {
  readonly method: string;
  readonly route: string;
  readonly statuses: readonly number[];
}

/**
 * Everything that `/metrics` serves. Counters whose label values are known begin at 0, so that the first
 * occurrence counts as an increase; a series that first appears with the value 1 has none.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #routes: KnownRoute[] = [];

  readonly httpDuration = this.#histogram(
    "http_request_duration_seconds",
    "Time from a request's arrival to its answer.",
    ["method", "route", "status"],
    LATENCY_BUCKETS_SECONDS,
  );
  readonly httpRequests = this.#counter("http_requests_total", "Requests answered.", [
    "method",
    "route",
    "status",
  ]);
  readonly feedStaleness = this.#gauge(
    "feed_staleness_seconds",
    "Time since the last market data of the feed's quietest symbol, or since the start if there was none yet.",
    ["feed"],
  );
  readonly feedMessages = this.#counter("feed_messages_total", "Market data messages received.", ["feed"]);
  readonly feedResyncs = this.#counter("feed_resyncs_total", "Books discarded and rebuilt.", [
    "feed",
    "reason",
  ]);
  readonly feedConnected = this.#gauge("feed_connected", "1 while the feed's socket is open.", ["feed"]);
  readonly riskBlocks = this.#counter("risk_blocks_total", "Orders blocked by a risk limit.", ["reason"]);
  readonly idempotencyRequests = this.#counter(
    "idempotency_requests_total",
    "Orders requested with an idempotency key.",
  );
  readonly idempotencyConflicts = this.#counter(
    "idempotency_conflicts_total",
    "Keys that were sent again with another body.",
  );
  readonly cspViolations = this.#counter("csp_violations_total", "Violations that browsers reported.", [
    "directive",
  ]);
  readonly eventLoopLag = this.#histogram(
    "event_loop_lag_seconds",
    "How much later than planned a 20 ms timer fired.",
    [],
    LAG_BUCKETS_SECONDS,
  );
  readonly orders = this.#counter("orders_total", "Orders sent to a venue, by outcome.", [
    "venue",
    "outcome",
  ]);
  readonly ordersReconciled = this.#counter("orders_reconciled_total", "Orders looked up at their venue.", [
    "venue",
    "result",
  ]);
  readonly ordersUnknown = this.#gauge("orders_unknown", "Orders whose outcome is still unknown.");
  readonly venueDuration = this.#histogram(
    "venue_request_duration_seconds",
    "Time a venue took to answer.",
    ["venue", "operation", "outcome"],
    LATENCY_BUCKETS_SECONDS,
  );
  readonly poolConnections = this.#gauge("db_pool_connections", "Connections of the pool.", ["state"]);
  readonly poolWaiting = this.#gauge("db_pool_waiting_requests", "Requests waiting for a connection.");
  readonly outboxPending = this.#gauge("outbox_pending_events", "Events not yet dispatched.");
  readonly outboxOldestAge = this.#gauge("outbox_oldest_age_seconds", "Age of the oldest pending event.");
  readonly outboxDispatched = this.#counter("outbox_dispatched_total", "Events dispatched.");
  readonly idempotencyKeys = this.#gauge("idempotency_keys_stored", "Idempotency keys in the database.");
  readonly wsClients = this.#gauge("ws_clients", "Quote sockets open.");
  readonly wsDisconnects = this.#counter("ws_disconnects_total", "Quote sockets that closed.");
  readonly decimalErrors = this.#counter(
    "decimal_precision_errors_total",
    "Amounts that numeric(38,18) could not hold exactly.",
  );
  readonly executionEnabled = this.#gauge("execution_enabled", "1 while orders are executed.");

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.#startAtZero();
  }

  /** Adds a route whose series begin at 0. */
  declareRoute(route: KnownRoute): void {
    this.#routes.push(route);
    this.#zeroRoute(route);
  }

  /** Resets every value to that of a new process. */
  reset(): void {
    this.registry.resetMetrics();
    this.#startAtZero();
  }

  #startAtZero(): void {
    for (const route of this.#routes) this.#zeroRoute(route);
    for (const feed of FEEDS) {
      this.feedMessages.inc({ feed }, 0);
      this.feedConnected.set({ feed }, 0);
      this.feedStaleness.set({ feed }, 0);
      for (const reason of RESYNC_REASONS) this.feedResyncs.inc({ feed, reason }, 0);
    }
    for (const reason of RISK_REASONS) this.riskBlocks.inc({ reason }, 0);
    for (const directive of CSP_DIRECTIVES) this.cspViolations.inc({ directive }, 0);
    for (const venue of ORDER_VENUES) {
      for (const outcome of ORDER_OUTCOMES) this.orders.inc({ venue, outcome }, 0);
      for (const result of RECONCILE_RESULTS) this.ordersReconciled.inc({ venue, result }, 0);
    }
    const pauses = this.registry.getSingleMetric("nodejs_gc_duration_seconds");
    if (pauses instanceof Histogram) for (const kind of GC_KINDS) pauses.zero({ kind });
    this.executionEnabled.set(1);
  }

  #zeroRoute({ method, route, statuses }: KnownRoute): void {
    for (const code of statuses) {
      const labels = { method, route, status: String(code) };
      this.httpRequests.inc(labels, 0);
      this.httpDuration.zero(labels);
    }
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
