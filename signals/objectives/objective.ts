/** A promise to the users: which share of requests has to be good, over a month. */
export interface Objective {
  /** Part of series names: `availability`. */
  readonly id: string;
  readonly title: string;
  /** The share of good requests that is promised, between 0 and 1. */
  readonly target: number;
  /** The time over which the promise is kept. */
  readonly windowDays: number;
  /** The golden signal that tells the same as it is now. */
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
    // A P95 below 200 ms is 95 % of requests within 200 ms: said so, it can be added up over any time.
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
