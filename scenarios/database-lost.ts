import { defineScenario } from "../harness/index.ts";

const WHILE_IT_IS_DOWN = [
  "HttpErrorRateHigh",
  "ApiLatencyP95High",
  "LatencyCpuBackpressure",
  "ErrorRiskCorrelation",
  "PgBouncerSaturated",
] as const;

/** Errors are what clients are answered while there is no database, and while it is not known what it has forgotten. */
const FAILS = {
  name: "requests fail while the database is down",
  expression: 'sum(http_requests_total{status=~"5.."})',
};

const FOUND = {
  name: "orders that the database has forgotten are found at the venues",
  expression: 'sum(orders_reconciled_total{result="recovered"})',
};

/**
 * The database is restored to a moment before orders that clients were answered and venues have executed. What it has
 * forgotten must be found again, and must not be sent again.
 */
export const restoreToAPoint = defineScenario({
  name: "restore-to-a-point",
  tags: ["nightly"],
  hypothesis:
    "When the database is restored to an earlier moment, the orders that it has forgotten are found at the venues and booked once, and every answer stays true.",
  faults: [{ fault: { kind: "database-restored", lostMs: 1_500 }, forMs: 300 }],
  expectation: {
    mayFire: [...WHILE_IT_IS_DOWN],
    recoversWithinMs: 8_000,
    happens: [FAILS, FOUND],
  },
});

/** The same for the last commits that a standby has not got. */
export const failover = defineScenario({
  name: "failover",
  tags: ["nightly"],
  hypothesis:
    "When a standby that lags takes the place of a lost primary, clients follow through the pooler, and no order that only the primary had is lost or sent again.",
  faults: [{ fault: { kind: "failover", lagMs: 800 }, forMs: 300 }],
  expectation: {
    mayFire: [...WHILE_IT_IS_DOWN],
    recoversWithinMs: 8_000,
    happens: [FAILS, FOUND],
  },
});

/** Postgres ends without warning and recovers from its log: what was committed is there. */
export const postgresKilled = defineScenario({
  name: "postgres-killed",
  tags: ["nightly"],
  hypothesis:
    "When Postgres is killed under load and started again, no order, fill or position is lost or booked twice, and service resumes by itself.",
  faults: [{ fault: { kind: "kill", process: "postgres" }, forMs: 1_000 }],
  expectation: {
    mayFire: [...WHILE_IT_IS_DOWN],
    recoversWithinMs: 6_000,
    happens: [FAILS],
  },
});

/** The pooler ends without warning: each connection breaks at once, in the middle of transactions. */
export const pgbouncerKilled = defineScenario({
  name: "pgbouncer-killed",
  tags: ["nightly"],
  hypothesis:
    "When pgBouncer is killed under load and started again, no order, fill or position is lost or booked twice, and service resumes by itself.",
  faults: [{ fault: { kind: "kill", process: "pgbouncer" }, forMs: 1_000 }],
  expectation: {
    mayFire: [...WHILE_IT_IS_DOWN],
    recoversWithinMs: 6_000,
    happens: [FAILS],
  },
});
