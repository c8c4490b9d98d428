import { defineScenario } from "../harness/index.ts";

const WHILE_IT_WAITS = [
  "HttpErrorRateHigh",
  "ApiLatencyP95High",
  "LatencyCpuBackpressure",
  "ErrorRiskCorrelation",
  "PgBouncerSaturated",
] as const;

/** Longer than the platform waits for a statement, and so long that its pool of connections is used up. */
const BLOCKED_MS = 4_500;

const REFUSES = {
  name: "requests are refused while they cannot be carried out",
  expression: 'sum(http_requests_total{status=~"5.."})',
};

/** Somebody holds the rows that every fill changes, and does nothing. */
export const idleInTransaction = defineScenario({
  name: "idle-in-transaction",
  tags: ["nightly"],
  hypothesis:
    "When a session stays idle in a transaction that has locked the positions, orders are refused or looked up later, none is lost or doubled, and service resumes by itself.",
  faults: [{ fault: { kind: "idle-transaction", link: "postgres", table: "positions" }, forMs: BLOCKED_MS }],
  expectation: {
    mayFire: [...WHILE_IT_WAITS],
    recoversWithinMs: 6_000,
    happens: [REFUSES],
  },
});

/** A migration without a lock timeout, behind a report that reads for long. */
export const lockPileUp = defineScenario({
  name: "lock-pile-up",
  tags: ["nightly"],
  hypothesis:
    "When a migration waits behind a long query and everybody behind the migration, orders are refused or looked up later, none is lost or doubled, and service resumes by itself.",
  faults: [{ fault: { kind: "lock-pile-up", link: "postgres", table: "orders" }, forMs: BLOCKED_MS }],
  expectation: {
    mayFire: [...WHILE_IT_WAITS],
    recoversWithinMs: 6_000,
    happens: [REFUSES],
  },
});

/** The pooler was set up for sessions: whoever is connected keeps a connection, and the others wait. */
export const poolModeMismatch = defineScenario({
  name: "pool-mode-mismatch",
  tags: ["nightly"],
  hypothesis:
    "When the pooler keeps a connection for each session, requests that get none are refused, no order is lost or doubled, and service resumes with its right mode.",
  faults: [{ fault: { kind: "pool-by-session", connections: 2 }, forMs: 5_000 }],
  expectation: {
    mayFire: [...WHILE_IT_WAITS],
    recoversWithinMs: 6_000,
    happens: [
      {
        name: "clients wait for a connection of the pool",
        expression: "max_over_time(max(pgbouncer_pools_client_waiting_connections)[60s:250ms])",
      },
    ],
  },
});

/** Statements that others have prepared stay on the connections that the platform gets next. */
export const preparedStatements = defineScenario({
  name: "prepared-statements",
  tags: ["nightly"],
  hypothesis:
    "When other clients prepare statements by name behind the same pooler, by SQL and by protocol, the platform's own work is not touched.",
  faults: [
    { fault: { kind: "foreign-statements", link: "pgbouncer", protocol: "sql" }, forMs: 4_000 },
    { fault: { kind: "foreign-statements", link: "pgbouncer", protocol: "extended" }, forMs: 4_000 },
  ],
  expectation: { mayFire: [], recoversWithinMs: 3_000, acceptsShare: 1 },
});
