import type { LatencySummary } from "../../load/index.ts";

/** What the platform and what it stands on did while a rate was held; null is what nobody could measure. */
export interface ResourceReading {
  /** CPU of the platform's process, in cores. */
  readonly cpuCores: number | null;
  /** How late timers of the platform's event loop were, P99 in ms. */
  readonly eventLoopLagMsP99: number | null;
  /** The share of the time for which timers of the event loop were late: it was at something else. */
  readonly eventLoopStalledShare: number | null;
  /** Requests that waited for a database connection, in the platform and at the pooler, on average. */
  readonly poolWaiting: number | null;
  /** Sessions of Postgres that waited for a lock, on average. */
  readonly lockWaiting: number | null;
  /** Server connections of the pooler that were in use, on average. */
  readonly poolActive: number | null;
  /** From a statement to the next in the same transaction, on average, in ms: what a statement takes the platform. */
  readonly statementMs: number | null;
  readonly waits: OperationWaits;
}

/**
 * What an operation waits for, in ms and on average over all operations. Waiting requests divided by their rate are
 * the wait of one (Little's law), which makes causes as different as a queue and a slow answer comparable.
 */
export interface OperationWaits {
  readonly poolMs: number | null;
  readonly locksMs: number | null;
  /** Its transactions, without waiting for locks. */
  readonly databaseMs: number | null;
  readonly venueMs: number | null;
}

/** What came of holding a rate. */
export type StepFinding =
  | { readonly kind: "held" }
  | { readonly kind: "broken"; readonly why: string }
  | { readonly kind: "undecided"; readonly why: string };

/** One rate, held for a while. Latencies are the clients', from the planned start. */
export interface StepRecord {
  readonly rateRps: number;
  /** What was answered. */
  readonly achievedRps: number;
  readonly operations: number;
  readonly errorRatio: number | null;
  readonly latencyMs: Pick<LatencySummary, "p50" | "p95" | "p99" | "max"> & { readonly mean: number | null };
  /** Of the load generator itself. */
  readonly lagMsP99: number | null;
  readonly resources: ResourceReading;
  /** The share of the time in which the lab's machine was full; null where that cannot be read. */
  readonly machineFullShare: number | null;
  readonly finding: StepFinding;
}
