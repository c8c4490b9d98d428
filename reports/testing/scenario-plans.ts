import type { Verdict } from "../../core/index.ts";
import type { CheckRecord } from "../../evidence/index.ts";
import type { SeriesPlan } from "./series-fixture.ts";

/** The differences between the example scenarios. */
export interface Plan {
  readonly name: string;
  readonly hypothesis: string;
  readonly verdict: Verdict;
  readonly link: string;
  readonly fault: string | null;
  readonly trigger: TriggerPlan;
  readonly check: CheckRecord;
  readonly unknown: number;
  readonly series: Partial<SeriesPlan>;
}

interface TriggerPlan {
  readonly name: string;
  readonly expression: string;
  readonly summary: string;
  readonly firesAfterMs: number | null;
}

const LATENCY_TRIGGER: TriggerPlan = {
  name: "ApiLatencyP95High",
  expression: "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 0.4",
  summary: "API P95 above 400 ms for 5 minutes",
  firesAfterMs: null,
};

const ONCE_ONLY: CheckRecord = {
  kind: "invariant",
  name: "every client order id reaches the exchange once at most",
  basis: "count",
  verdict: "pass",
  expected: "0 duplicates",
  received: "0 duplicates in 2,104 orders",
  judgedBy: { count: 2_104, noun: "venue order" },
  orders: [],
};

/** The six example scenarios: four pass, one fails, one is inconclusive. */
export const PLANS: readonly Plan[] = [
  {
    name: "steady-state",
    hypothesis: "Without a fault, P95 stays below 250 ms at 120 requests/s and no trigger leaves inactive.",
    verdict: "pass",
    link: "api",
    fault: null,
    trigger: LATENCY_TRIGGER,
    check: ONCE_ONLY,
    unknown: 0,
    series: {},
  },
  {
    name: "db-latency",
    hypothesis:
      "When Postgres answers 300 ms late, orders slow down but none is lost, and the latency trigger fires within 60 s of production time.",
    verdict: "pass",
    link: "postgres",
    fault: "latency 300 ms ± 20 ms on postgres, downstream",
    trigger: { ...LATENCY_TRIGGER, firesAfterMs: 2_750 },
    check: ONCE_ONLY,
    unknown: 0,
    series: { latencyRiseMs: 540, poolUsePercent: 71 },
  },
  {
    name: "pg-outage",
    hypothesis:
      "When Postgres is gone for 6 s, the platform refuses new orders at once and recovers by itself within 5 s.",
    verdict: "pass",
    link: "postgres",
    fault: "connection reset on postgres",
    trigger: {
      name: "ApiErrorRateHigh",
      expression:
        'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.03',
      summary: "More than 3 % of requests fail for 5 minutes",
      firesAfterMs: 1_500,
    },
    check: {
      ...ONCE_ONLY,
      kind: "recovery",
      name: "P95 is back below 250 ms",
      expected: "within 5 s",
      received: "after 1.3 s",
      judgedBy: { count: 80, noun: "evaluation" },
      orders: [],
    },
    unknown: 41,
    series: { latencyRiseMs: 900, errorShare: 0.97, answersNothing: true },
  },
  {
    name: "binance-ack-lost",
    hypothesis:
      "When Binance accepts an order and the answer is lost, the platform asks for the order before it sends it again.",
    verdict: "fail",
    link: "binance-rest",
    fault: "answers dropped after the exchange accepted, 30 % of orders, on binance-rest, downstream",
    trigger: {
      name: "OrderOutcomeUnknown",
      expression: "increase(spark_order_outcome_unknown_total[5m]) > 0",
      summary: "The outcome of an order was not learned",
      firesAfterMs: 1_000,
    },
    check: { ...ONCE_ONLY, verdict: "fail", received: "3 duplicates: spark-7f3a, spark-81c0, spark-9be2" },
    unknown: 17,
    series: { latencyRiseMs: 210, errorShare: 0.12 },
  },
  {
    name: "feed-silent",
    hypothesis:
      "When the BTCTurk feed falls silent without closing, the platform stops quoting from it within 2 s.",
    verdict: "inconclusive",
    link: "btcturk-ws",
    fault: "silence on btcturk-ws, downstream",
    trigger: {
      name: "FeedStale",
      expression: "max by (venue) (time() - spark_feed_last_message_timestamp_seconds) > 10",
      summary: "A market feed has been silent for 10 s",
      firesAfterMs: null,
    },
    check: {
      ...ONCE_ONLY,
      kind: "fault",
      name: "the fault touched something",
      verdict: "inconclusive",
      expected: "at least 1 connection",
      received: "0 connections",
      judgedBy: { count: 0, noun: "connection" },
      orders: [],
    },
    unknown: 0,
    series: { unmeasuredFeed: "btcturk" },
  },
  {
    name: "pool-exhaustion",
    hypothesis:
      "When pgBouncer runs out of server connections, requests queue for 1 s at most and are then refused, not left hanging.",
    verdict: "pass",
    link: "pgbouncer",
    fault: "20 held connections on pgbouncer",
    trigger: {
      name: "PoolSaturated",
      expression: "max(pgbouncer_pools_client_waiting_connections) > 0",
      summary: "Clients wait for a database connection for 5 minutes",
      firesAfterMs: 2_000,
    },
    check: ONCE_ONLY,
    unknown: 2,
    series: { latencyRiseMs: 330, errorShare: 0.05, poolUsePercent: 100 },
  },
];
