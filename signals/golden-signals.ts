import type { QuantityName } from "../core/index.ts";

/** One of the eight signals by which a release is judged. */
export interface GoldenSignal {
  /** The value of the `golden_signal` label of its triggers. */
  readonly id: string;
  readonly title: string;
  /** An expression that returns one number. */
  readonly query: string;
  /** What it measures, and with that its range. */
  readonly quantity: Extract<QuantityName, "seconds" | "ratio" | "per-minute">;
  readonly limit: GoldenLimit;
}

/** The limit that a release must keep. */
type GoldenLimit =
  | { readonly kind: "at-most"; readonly value: number }
  | { readonly kind: "below"; readonly value: number }
  /** The value may be at most this many times the one before the release. */
  | { readonly kind: "at-most-times-baseline"; readonly factor: number };

const REQUESTS = 'route!="/metrics"';

/**
 * The eight golden signals, with the limits of the deployment index: six standard ones and two enriched ones.
 */
export const GOLDEN_SIGNALS: readonly GoldenSignal[] = [
  {
    id: "api_latency_p95",
    title: "API P95",
    query: `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${REQUESTS}}[1m])))`,
    quantity: "seconds",
    limit: { kind: "at-most", value: 0.2 },
  },
  {
    id: "http_errors",
    title: "5xx rate",
    query: `sum(rate(http_requests_total{${REQUESTS},status=~"5.."}[1m])) / sum(rate(http_requests_total{${REQUESTS}}[1m]))`,
    quantity: "ratio",
    limit: { kind: "at-most", value: 0.01 },
  },
  {
    id: "feed_staleness",
    title: "Feed staleness",
    query: "max(feed_staleness_seconds)",
    quantity: "seconds",
    limit: { kind: "at-most", value: 30 },
  },
  {
    id: "risk_blocks",
    title: "Risk blocks",
    query: "sum(rate(risk_blocks_total[1m])) * 60",
    quantity: "per-minute",
    limit: { kind: "below", value: 0.5 },
  },
  {
    id: "idempotency_conflicts",
    title: "Idempotency conflicts",
    query: "sum(rate(idempotency_conflicts_total[1m])) / sum(rate(idempotency_requests_total[1m]))",
    quantity: "ratio",
    limit: { kind: "at-most", value: 0.01 },
  },
  {
    id: "csp_violations",
    title: "CSP violations",
    query: "sum(rate(csp_violations_total[1m])) * 60",
    quantity: "per-minute",
    limit: { kind: "at-most-times-baseline", factor: 1.1 },
  },
  {
    id: "event_loop_lag",
    title: "Event loop lag P95",
    query: "histogram_quantile(0.95, sum by (le) (rate(event_loop_lag_seconds_bucket[1m])))",
    quantity: "seconds",
    limit: { kind: "at-most", value: 0.05 },
  },
  {
    id: "gc_pause",
    title: "GC pause average",
    query: "sum(rate(nodejs_gc_duration_seconds_sum[1m])) / sum(rate(nodejs_gc_duration_seconds_count[1m]))",
    quantity: "seconds",
    limit: { kind: "at-most", value: 0.02 },
  },
];
