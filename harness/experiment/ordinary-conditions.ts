import type { Condition } from "./condition.ts";

/** What holds in every scenario once it is over, whatever was done to the platform. */
export const ORDINARY_CONDITIONS: readonly Condition[] = [
  {
    // Who cannot be measured while it is in trouble is measured only when it does not matter.
    name: "share of the time in which metrics could be read",
    expression: 'avg_over_time(up{job="platform"}[60s])',
    limit: { atLeast: 0.9 },
  },
  {
    // Once in two seconds is enough: on a busy machine a single answer may come too late.
    name: "health is told when all is well",
    expression: 'max_over_time(probe_success{job="health"}[2s])',
    limit: { atLeast: 1 },
  },
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
