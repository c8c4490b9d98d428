/** A service level objective: the share of requests that have to be good, over a month. */
export interface Objective {
  /** A part of series names: `availability`. */
  readonly id: string;
  readonly title: string;
  /** The promised share of good requests, between 0 and 1. */
  readonly target: number;
  /** The time over which the share is measured. */
  readonly windowDays: number;
  /** The golden signal with the current value of the same measure. */
  readonly goldenSignal: string;
  /** The share of bad requests over a window, as PromQL. */
  badShare(window: string): string;
}

const REQUESTS = 'route!="/metrics"';

/** The objectives of the requirement: 99 % of requests succeed, and the P95 stays below 200 ms. */
export const OBJECTIVES: readonly Objective[] = [
  {
    id: "availability",
    title: "Requests that do not end with a 5xx",
    target: 0.99,
    windowDays: 30,
    goldenSignal: "http_errors",
    badShare: (window) =>
      `sum(rate(http_requests_total{${REQUESTS},status=~"5.."}[${window}])) / ` +
      `sum(rate(http_requests_total{${REQUESTS}}[${window}]))`,
  },
  {
    // A P95 below 200 ms means that 95 % of requests take less than 200 ms; in this form it can
    // be summed over any time.
    id: "latency",
    title: "Requests within 200 ms",
    target: 0.95,
    windowDays: 30,
    goldenSignal: "api_latency_p95",
    badShare: (window) =>
      `1 - sum(rate(http_request_duration_seconds_bucket{${REQUESTS},le="0.2"}[${window}])) / ` +
      `sum(rate(http_request_duration_seconds_count{${REQUESTS}}[${window}]))`,
  },
];
