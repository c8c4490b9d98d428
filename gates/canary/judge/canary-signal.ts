import { GOLDEN_SIGNALS, type GoldenSignal } from "../../../signals/index.ts";

/** Which metrics a signal is made of. Selectors are Prometheus's, without the matchers of an arm. */
type SignalSource =
  | { readonly kind: "share"; readonly bad: string; readonly total: string }
  /** Of the requests, those that were answered with a status of this class. */
  | { readonly kind: "status-share"; readonly requests: string; readonly firstDigit: string }
  | {
      readonly kind: "durations";
      /** The histogram's name without `_bucket`. */
      readonly metric: string;
      /** Matchers without braces. */
      readonly matchers: string;
      readonly statistic: "p95" | "mean";
    }
  | { readonly kind: "events"; readonly selector: string }
  | { readonly kind: "gauge"; readonly selector: string };

/** How much worse than the stable a candidate must be before it matters, however certain it is. */
export interface Tolerance {
  /** The candidate's value divided by the stable's. */
  readonly ratio: number;
  /** The candidate's value less the stable's, in the signal's unit. */
  readonly difference: number;
}

/** One of the eight golden signals, as a canary judges it. */
export interface CanarySignal extends Pick<GoldenSignal, "id" | "title" | "limit"> {
  readonly unit: string;
  readonly source: SignalSource;
  readonly tolerance: Tolerance;
  /** How much worse the candidate may be before the plan's number of samples finds it out. */
  readonly detects: Tolerance;
}

/** Requests of users, without those of monitors. */
const USERS = 'route!~"/metrics|/api/healthz"';
/** By which the share of the candidate is measured. */
export const REQUESTS = `http_requests_total{${USERS}}`;
/** By which restarts are found. */
export const STARTS = "process_start_time_seconds";

type Judged = Omit<CanarySignal, "id" | "title" | "limit">;

/** What this judge adds to each golden signal. */
const JUDGED: Readonly<Record<string, Judged>> = {
  api_latency_p95: {
    unit: "s",
    source: { kind: "durations", metric: "http_request_duration_seconds", matchers: USERS, statistic: "p95" },
    tolerance: { ratio: 1.1, difference: 0.001 },
    detects: { ratio: 1.2, difference: 0 },
  },
  http_errors: {
    unit: "",
    source: { kind: "status-share", requests: REQUESTS, firstDigit: "5" },
    tolerance: { ratio: 1.25, difference: 0.0001 },
    detects: { ratio: 1, difference: 0.01 },
  },
  feed_staleness: {
    unit: "s",
    source: { kind: "gauge", selector: "feed_staleness_seconds" },
    tolerance: { ratio: 1, difference: 0 },
    detects: { ratio: 1, difference: 0 },
  },
  risk_blocks: {
    unit: "a minute",
    source: { kind: "events", selector: "risk_blocks_total" },
    tolerance: { ratio: 1.25, difference: 0 },
    detects: { ratio: 1, difference: 0.01 },
  },
  idempotency_conflicts: {
    unit: "",
    source: { kind: "share", bad: "idempotency_conflicts_total", total: "idempotency_requests_total" },
    tolerance: { ratio: 1.25, difference: 0.0005 },
    detects: { ratio: 1, difference: 0.03 },
  },
  csp_violations: {
    unit: "a minute",
    source: { kind: "events", selector: "csp_violations_total" },
    tolerance: { ratio: 1.1, difference: 0 },
    detects: { ratio: 1, difference: 0.01 },
  },
  event_loop_lag: {
    unit: "s",
    source: { kind: "durations", metric: "event_loop_lag_seconds", matchers: "", statistic: "p95" },
    tolerance: { ratio: 1.5, difference: 0.01 },
    detects: { ratio: 1.5, difference: 0 },
  },
  gc_pause: {
    unit: "s",
    source: { kind: "durations", metric: "nodejs_gc_duration_seconds", matchers: "", statistic: "mean" },
    tolerance: { ratio: 2, difference: 0.005 },
    detects: { ratio: 4, difference: 0 },
  },
};

/** The eight golden signals, in their order. */
export const CANARY_SIGNALS: readonly CanarySignal[] = GOLDEN_SIGNALS.map(({ id, title, limit }) => {
  const judged = JUDGED[id];
  if (judged === undefined) throw new TypeError(`Expected to know how a canary judges ${id}.`);
  return { id, title, limit, ...judged };
});

/** The queries whose answers a signal is made of, for people who want to ask them again. */
export function queriesOf({ source }: CanarySignal): readonly string[] {
  switch (source.kind) {
    case "share":
      return [source.bad, source.total];
    case "status-share":
      return [source.requests];
    case "durations": {
      const braces = source.matchers === "" ? "" : `{${source.matchers}}`;
      return [`${source.metric}_bucket${braces}`, `${source.metric}_sum${braces}`];
    }
    default:
      return [source.selector];
  }
}

/** The absolute limit; null where only the comparison counts. */
export function limitOf({ limit }: CanarySignal): number | null {
  return limit.kind === "at-most-times-baseline" ? null : limit.value;
}
