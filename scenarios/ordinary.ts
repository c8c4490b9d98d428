import type { Condition, ScenarioLoad, ScenarioTiming } from "../harness/index.ts";

/** The order flow that scenarios share: enough for percentiles, little enough to leave the machine idle. */
export const ORDINARY_LOAD: ScenarioLoad = { rateRps: 40, venues: { binance: 70, btcturk: 30 } };

/** Three seconds on each side: 120 operations, and room for every window that the triggers look through. */
export const ORDINARY_TIMING: ScenarioTiming = { steadyBeforeMs: 3_000, steadyAfterMs: 2_500 };

/** What holds in every scenario once it is over, whatever was done to the platform. */
export const ORDINARY_CONDITIONS: readonly Condition[] = [
  {
    // At rest there is always a moment at which no connection is at work, unless one was never given back.
    name: "database connections are given back",
    expression: 'min_over_time(db_pool_connections{state="active"}[2s])',
    limit: { atMost: 0 },
  },
  {
    // A trigger on memory looks through many minutes, a lab has seconds; but what a single request leaves behind shows
    // at once. A platform that is well keeps less than 2 KB of each, on average and for a while.
    name: "bytes of memory kept per request",
    expression: "delta(nodejs_external_memory_bytes[10s]) / scalar(sum(delta(http_requests_total[10s])))",
    limit: { atMost: 8_192 },
  },
];
