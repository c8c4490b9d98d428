import { completeScenario, defineScenario, ORDINARY_CONDITIONS, type Scenario } from "../harness/index.ts";

/** Long enough to tell that all is well; what the corner cases are about is judged by the books. */
const timing = { steadyBeforeMs: 2_000, steadyAfterMs: 1_500 } as const;
const SLOWED = ["ApiLatencyP95High", "LatencyCpuBackpressure", "HttpErrorRateHigh", "ErrorRiskCorrelation"];

/** A gateway repeats what it was not answered at once: many requests bring one key at the same moment. */
const idempotencyBurst = defineScenario({
  name: "idempotency-burst",
  tags: ["nightly"],
  hypothesis:
    "When many requests bring one idempotency key at the same moment, one order is sent, and all are answered with it.",
  timing,
  faults: [{ fault: { kind: "order-burst", venue: "binance", requests: 25, pauseMs: 500 }, forMs: 2_500 }],
  expectation: {
    mayFire: [...SLOWED, "PgBouncerSaturated", "IdempotencyConflictsHigh"],
    recoversWithinMs: 5_000,
  },
});

/** The venue coarsens its tick while orders of odd sizes go on: each fill is off by less than anyone sees. */
const decimalTickDrift = defineScenario({
  name: "decimal-tick-drift",
  tags: ["nightly"],
  hypothesis:
    "When the tick size of a symbol changes during trading, orders off the new grid are refused, and positions stay the exact sums of their fills.",
  timing,
  load: { rateRps: 40, venues: { binance: 100, btcturk: 0 } },
  faults: [
    {
      fault: {
        kind: "venue-misbehavior",
        link: "binance-rest",
        venue: "binance",
        misbehavior: "tick-size-changed",
      },
      forMs: 2_500,
    },
  ],
  expectation: { mayFire: SLOWED, recoversWithinMs: 5_000 },
});

/** The platform's clock is minutes ahead of the database's, which dates the events of its outbox. */
const outboxClockSkew = defineScenario({
  name: "outbox-clock-skew",
  tags: ["nightly"],
  hypothesis:
    "When the platform's clock is minutes ahead of the database's, each event of the outbox is delivered, and none is taken for old.",
  timing,
  faults: [
    {
      fault: { kind: "clock-step", process: "platform", stepMs: 300_000, direction: "ahead" },
      forMs: 3_000,
    },
  ],
  expectation: { mayFire: [...SLOWED, "FeedStale"], recoversWithinMs: 8_000 },
});

/** A browser extension breaks every page: each browser reports, and each report is a text of its own. */
const cspFlood = defineScenario({
  name: "csp-flood",
  tags: ["nightly"],
  hypothesis:
    "When browsers flood the platform with CSP reports, orders go on, the trigger fires, and no report makes a metric of its own.",
  timing,
  faults: [{ fault: { kind: "report-flood", reports: 5, pauseMs: 100 }, forMs: 3_000 }],
  expectation: {
    fires: ["CspViolationsHigh"],
    mayFire: SLOWED,
    recoversWithinMs: 5_000,
    acceptsShare: 0.9,
    happens: [{ name: "reports are counted", expression: "sum(increase(csp_violations_total[8s]))" }],
    holds: [
      ...ORDINARY_CONDITIONS,
      {
        // The policy has about thirty directives, and browsers may report any text.
        name: "series of the counter of reports",
        expression: "count(csp_violations_total)",
        limit: { atMost: 40 },
      },
    ],
  },
});

/**
 * The corner cases of the red team that a lab can have, each also a check of that gate. The fifth, a license that
 * drifts, is none: it lies in the lock file of the release, and nothing of a running platform shows it.
 */
export const CORNER_CASES: readonly Scenario[] = [
  idempotencyBurst,
  decimalTickDrift,
  outboxClockSkew,
  cspFlood,
].map(completeScenario);

/** All of them in one experiment, for tests: a platform that bears each alone bears them together. */
export const cornerCasesAtOnce: Scenario = {
  ...completeScenario(cspFlood),
  name: "corner-cases-at-once",
  tags: [],
  hypothesis:
    "With bursts of one key, a changed tick, a clock that is ahead and a flood of reports at once, books and events stay true.",
  faults: CORNER_CASES.flatMap(({ faults }) => faults),
  expectation: {
    ...completeScenario(cspFlood).expectation,
    mayFire: [...new Set(CORNER_CASES.flatMap(({ expectation }) => expectation.mayFire))],
    recoversWithinMs: Math.max(...CORNER_CASES.map(({ expectation }) => expectation.recoversWithinMs)),
    // Orders off the new tick and those of the burst are refused.
    acceptsShare: null,
  },
};
