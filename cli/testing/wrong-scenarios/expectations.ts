import { expecting, head, LATE, type WrongScenario } from "./texts.ts";

/** Scenarios that expect what cannot be judged. */
export const WRONG_EXPECTATIONS: readonly WrongScenario[] = [
  [
    "fires",
    expecting("fires: [NoSuchTrigger]"),
    '8:11: expectation.fires[0]: expected a trigger of the rules, got "NoSuchTrigger"; nearest are FeedStale, FeedStaleAbsent, PgBouncerSaturated',
  ],
  [
    "fires-near",
    expecting("fires: [FeedStal]"),
    '8:11: expectation.fires[0]: expected a trigger of the rules, got "FeedStal"; did you mean FeedStale?',
  ],
  ["fires-text", expecting("fires: FeedStale"), '8:10: expectation.fires: expected a list, got "FeedStale"'],
  [
    "may-fire",
    expecting("mayFire: [ApiLatencyP95Hgh]"),
    '8:13: expectation.mayFire[0]: expected a trigger of the rules, got "ApiLatencyP95Hgh"; did you mean ApiLatencyP95High?',
  ],
  [
    "both",
    expecting("fires: [FeedStale]\nmayFire: [FeedStale]"),
    '9:13: expectation.mayFire[0]: expected no trigger that must fire (`fires`), got "FeedStale"',
  ],
  [
    "fires-no-fault",
    head(`expectation:\n  recoversWithinMs: 3000\n  fires: [FeedStale]\n`),
    '5:11: expectation.fires[0]: expected no trigger that must fire after a fault, because there is no fault, got "FeedStale"',
  ],
  [
    "fires-late",
    head(
      `timing: { steadyAfterMs: 500 }
faults:
  - fault: { kind: silence, link: binance-ws }
    forMs: 500
expectation:
  recoversWithinMs: 100
  fires: [ApiLatencyP95High]
`,
    ),
    "9:11: expectation.fires[0]: expected a trigger that can fire within 1200 ms, the time after the first fault, got ApiLatencyP95High, which needs 5000 ms at time scale 60",
  ],
  [
    "recovers-missing",
    head(`${LATE}expectation:
  recoverWithinMs: 3000
`),
    '7:3: expectation.recoverWithinMs: expected one of the keys fires, firesAboveMsP95, mayFire, recoversWithinMs, answersWithinMs, acceptsShare, happens, holds, invariants, mayBeEmpty, got "recoverWithinMs"; did you mean recoversWithinMs?',
  ],
  [
    "recovers-negative",
    head(`${LATE}expectation:
  recoversWithinMs: -1
`),
    "7:21: expectation.recoversWithinMs: expected at least 0, got -1",
  ],
  [
    "accepts-percent",
    expecting("acceptsShare: 70"),
    "8:17: expectation.acceptsShare: expected at most 1, got 70",
  ],
  [
    "accepts-no-fault",
    head(`expectation:\n  recoversWithinMs: 3000\n  acceptsShare: 0.7\n`),
    "5:17: expectation.acceptsShare: expected nothing, because it is judged during faults, and there is none, got 0.7",
  ],
  [
    "fires-above-nothing",
    expecting("firesAboveMsP95: 300"),
    "8:20: expectation.firesAboveMsP95: expected nothing, because no trigger must fire (`fires`), got 300",
  ],
  [
    "answers-late",
    expecting("answersWithinMs: 6000"),
    "8:20: expectation.answersWithinMs: expected less than 5000, after which clients give up, so that no answer can be later, got 6000",
  ],
  [
    "promql-syntax",
    expecting("happens:\n  - { name: a gap, expression: 'sum(feed_resyncs_total' }"),
    '9:34: expectation.happens[0].expression: expected PromQL (1:23: parse error: unexpected end of input), got "sum(feed_resyncs_total"',
  ],
  [
    "promql-function",
    expecting("happens:\n  - { name: a gap, expression: 'summ(feed_resyncs_total)' }"),
    '9:34: expectation.happens[0].expression: expected PromQL (1:1: unknown function with name "summ"), got "summ(feed_resyncs_total)"',
  ],
  [
    "promql-range",
    expecting("happens:\n  - { name: a gap, expression: 'feed_resyncs_total[5m]' }"),
    '9:34: expectation.happens[0].expression: expected PromQL of a vector or a scalar, not of a matrix, got "feed_resyncs_total[5m]"',
  ],
  [
    "promql-constant",
    expecting("happens:\n  - { name: a gap, expression: '1' }"),
    '9:34: expectation.happens[0].expression: expected PromQL that reads a metric, got "1"',
  ],
  [
    "promql-text",
    expecting("happens:\n  - { name: a gap, expression: 5 }"),
    "9:34: expectation.happens[0].expression: expected a text, got 5",
  ],
  [
    "promql-bound",
    expecting(
      'holds:\n  - name: few slow\n    expression: sum(http_request_duration_seconds_bucket{le="1"})\n    limit: { atMost: 3 }',
    ),
    '10:19: expectation.holds[0].expression: expected le="1.0", as Prometheus stores it, instead of le="1", got "sum(http_request_duration_seconds_bucket{le=\\"1\\"})"',
  ],
  [
    "promql-filter",
    expecting("holds:\n  - name: few\n    expression: sum(risk_blocks_total) > 5\n    limit: { atMost: 3 }"),
    '10:19: expectation.holds[0].expression: expected PromQL whose value is bounded by `limit` (a comparison without `bool` drops the value where it is false), got "sum(risk_blocks_total) > 5"',
  ],
  [
    "limit",
    expecting("holds:\n  - name: few\n    expression: sum(risk_blocks_total)\n    limit: { most: 3 }"),
    '11:14: expectation.holds[0].limit: expected { atMost: number } or { atLeast: number }, got {"most":3}',
  ],
  [
    "limit-missing",
    expecting("holds:\n  - name: few\n    expression: sum(risk_blocks_total)"),
    "9:7: expectation.holds[0].limit: expected { atMost: number } or { atLeast: number }, got nothing",
  ],
  [
    "same-name",
    expecting(
      "happens:\n  - { name: a gap, expression: sum(feed_resyncs_total) }\n  - { name: a gap, expression: sum(orders_total) }",
    ),
    '10:15: expectation.happens[1].name: expected a name that is not yet in the list, got "a gap"',
  ],
  [
    "invariant",
    expecting("invariants: [fills-agre]"),
    '8:16: expectation.invariants[0]: expected a known name, got "fills-agre"; did you mean fills-agree?',
  ],
  [
    "invariant-twice",
    expecting("invariants: [fills-agree, fills-agree]"),
    '8:29: expectation.invariants[1]: expected a name that is not yet in the list, got "fills-agree"',
  ],
  [
    "may-be-empty",
    expecting("invariants: [fills-agree]\nmayBeEmpty: [balances-agree]"),
    '9:16: expectation.mayBeEmpty[0]: expected one of the scenario\'s `invariants`, got "balances-agree"',
  ],
];
