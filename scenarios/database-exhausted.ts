import { defineScenario } from "../harness/index.ts";

const WHILE_NOTHING_IS_WRITTEN = [
  "HttpErrorRateHigh",
  "ApiLatencyP95High",
  "LatencyCpuBackpressure",
  "ErrorRiskCorrelation",
] as const;

const REFUSES = {
  name: "requests fail while nothing can be written",
  expression: 'sum(http_requests_total{status=~"5.."})',
};

/** The ids of events are used up: an order is at its venue, and the change cannot be written with its event. */
export const sequenceExhausted = defineScenario({
  name: "sequence-exhausted",
  tags: ["nightly"],
  hypothesis:
    "When the sequence of the events has no number left, no order is booked without its event, and all are booked when there are numbers again.",
  faults: [
    {
      fault: { kind: "sequence-exhausted", link: "postgres", table: "outbox_events", column: "id", left: 10 },
      forMs: 3_000,
    },
  ],
  expectation: { mayFire: [...WHILE_NOTHING_IS_WRITTEN], recoversWithinMs: 6_000, happens: [REFUSES] },
});

/** The disk of the orders is full. Postgres goes on, and answers whoever needs room with an error. */
export const diskFull = defineScenario({
  name: "disk-full",
  tags: ["nightly"],
  hypothesis:
    "When the disk of the orders is full, new orders are refused and not sent, those at their venues are booked when there is room, and service resumes by itself.",
  faults: [{ fault: { kind: "disk-full", table: "orders" }, forMs: 3_000 }],
  expectation: { mayFire: [...WHILE_NOTHING_IS_WRITTEN], recoversWithinMs: 6_000, happens: [REFUSES] },
});

/** Nobody notices but the disk: the log is kept until it is archived. */
export const walArchiveStopped = defineScenario({
  name: "wal-archive-stopped",
  tags: ["nightly"],
  hypothesis:
    "When the write-ahead log is no longer archived, orders go on, and what has waited is archived when that works again.",
  faults: [{ fault: { kind: "archive-stopped", link: "postgres" }, forMs: 4_500 }],
  expectation: { mayFire: [], recoversWithinMs: 4_000, acceptsShare: 1 },
});
