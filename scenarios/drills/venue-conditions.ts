import type { DrillCondition } from "../../harness/index.ts";
import { faultAct } from "./acts.ts";
import { EVERYDAY, placing } from "./loads.ts";

/** Problems at the venues and on the links to them. */
export const VENUE_CONDITIONS: readonly DrillCondition[] = [
  {
    name: "slow-venue",
    summary: "Binance takes more than a second to acknowledge an order, while all CPUs are idle.",
    // The platform waits for the slow answers instead of giving up after a second.
    madeFor: "spark",
    environment: { SPARK_ORDER_TIMEOUT_MS: "5000" },
    load: placing(20),
    acts: [
      // The histogram has a bucket from 1 s to 2.5 s: the P95 stays in it on a busy machine too.
      faultAct({ kind: "latency", link: "binance-rest", latencyMs: 1_200 }),
    ],
    moves: ["http_request_duration_seconds", "venue_request_duration_seconds"],
    endsSeries: false,
    triggers: ["ApiLatencyP95High", "LatencyCpuBackpressure", "NonImprovingLatency"],
    confirmedBy: {
      what: "an answer of Binance taking more than 1 s on average",
      expression:
        'sum(rate(venue_request_duration_seconds_sum{venue="binance",operation="place"}[2s])) / sum(rate(venue_request_duration_seconds_count{venue="binance",operation="place"}[2s])) > bool 1',
    },
  },
  {
    name: "venue-answers-late",
    summary: "Binance answers each request a little more than half a second late.",
    madeFor: null,
    environment: {},
    load: placing(20),
    acts: [faultAct({ kind: "latency", link: "binance-rest", latencyMs: 650 })],
    moves: ["http_request_duration_seconds"],
    endsSeries: false,
    triggers: ["ApiLatencyP95High", "LatencyCpuBackpressure", "NonImprovingLatency"],
    confirmedBy: {
      what: "requests taking more than half a second on average",
      expression:
        "sum(rate(http_request_duration_seconds_sum[2s])) / sum(rate(http_request_duration_seconds_count[2s])) > bool 0.5",
    },
  },
  {
    name: "venue-down",
    summary: "Binance cannot be reached, and orders for it are refused with a 503.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [faultAct({ kind: "down", link: "binance-rest" })],
    moves: ["http_requests_total", "orders_total"],
    endsSeries: false,
    triggers: ["HttpErrorRateHigh"],
    confirmedBy: {
      what: "orders that could not be sent",
      expression: 'sum(increase(orders_total{venue="binance",outcome="not_sent"}[2s]))',
    },
  },
  {
    name: "feed-silent",
    summary: "The BIST feed sends nothing, but its socket stays open.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [faultAct({ kind: "silence", link: "bist-ws" })],
    moves: ["feed_staleness_seconds", "feed_messages_total", "feed_connected"],
    endsSeries: false,
    triggers: ["FeedStale"],
    confirmedBy: {
      what: "a feed without messages",
      expression: 'sum(increase(feed_messages_total{feed="bist"}[1s])) == bool 0',
    },
  },
  {
    name: "binance-feed-silent",
    summary: "Binance's stream stays connected, and sends nothing any more.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [faultAct({ kind: "silence", link: "binance-ws" })],
    moves: ["feed_staleness_seconds"],
    endsSeries: false,
    triggers: ["FeedStale"],
    confirmedBy: {
      what: "Binance's feed without messages",
      expression: 'max(feed_staleness_seconds{feed="binance"}) > bool 1',
    },
  },
  {
    name: "two-venues-broken",
    summary: "Binance's book is lost, so orders are blocked; BTCTurk cannot be reached, so orders fail.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [faultAct({ kind: "down", link: "binance-ws" }), faultAct({ kind: "down", link: "btcturk-rest" })],
    moves: [
      "risk_blocks_total",
      "http_requests_total",
      "feed_connected",
      "feed_staleness_seconds",
      "orders_total",
    ],
    endsSeries: false,
    triggers: ["ErrorRiskCorrelation", "CorrelatedDegradation"],
    confirmedBy: {
      what: "blocked orders beside orders that could not be sent",
      expression:
        'sum(increase(risk_blocks_total[2s])) * sum(increase(orders_total{venue="btcturk",outcome="not_sent"}[2s]))',
    },
  },
  {
    name: "feed-gaps",
    summary: "Frames of Binance's depth stream are lost, and its book is rebuilt repeatedly.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [
      faultAct({
        kind: "venue-misbehavior",
        link: "binance-ws",
        venue: "binance",
        misbehavior: "gap",
        every: 5,
      }),
    ],
    moves: ["feed_resyncs_total"],
    endsSeries: false,
    triggers: [],
    confirmedBy: {
      what: "books rebuilt",
      expression: 'sum(increase(feed_resyncs_total{feed="binance",reason="gap"}[4s]))',
    },
  },
  {
    name: "acknowledgements-lost",
    summary: "Binance accepts orders, but its answers are lost, so their outcome is unknown.",
    madeFor: null,
    environment: {},
    load: EVERYDAY,
    acts: [
      faultAct({
        kind: "venue-misbehavior",
        link: "binance-rest",
        venue: "binance",
        misbehavior: "ack-lost",
        every: 2,
      }),
    ],
    moves: ["orders_unknown", "orders_reconciled_total", "orders_total"],
    endsSeries: false,
    triggers: [],
    confirmedBy: {
      what: "orders whose outcome is unknown",
      expression: 'sum(increase(orders_total{outcome="unknown"}[4s]))',
    },
  },
];
