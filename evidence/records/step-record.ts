import { z } from "zod";
import { fields, measured } from "./schema.ts";

const operationWaits = fields({
  poolMs: measured,
  locksMs: measured,
  /** Its transactions, without waiting for locks. */
  databaseMs: measured,
  venueMs: measured,
});

/**
 * What an operation waits for, in ms, averaged over all operations. The number of waiting requests divided by
 * their rate is the wait of one (Little's law), so that different causes, such as a queue and a slow answer,
 * can be compared.
 */
export type OperationWaits = z.infer<typeof operationWaits>;

const resourceReading = fields({
  /** CPU of the platform's process, in cores. */
  cpuCores: measured,
  /** How late timers of the platform's event loop were, P99 in ms. */
  eventLoopLagMsP99: measured,
  /** The share of time in which timers of the event loop were late because it was busy. */
  eventLoopStalledShare: measured,
  /** Requests that waited for a database connection, in the platform and at the pooler, on average. */
  poolWaiting: measured,
  /** Sessions of Postgres that waited for a lock, on average. */
  lockWaiting: measured,
  /** Server connections of the pooler that were in use, on average. */
  poolActive: measured,
  /**
   * From one statement to the next in the same transaction, on average, in ms: the
   * platform's own time per statement.
   */
  statementMs: measured,
  waits: operationWaits,
});

/** What the platform and its dependencies did at a rate. */
export type ResourceReading = z.infer<typeof resourceReading>;

const stepFinding = z.discriminatedUnion("kind", [
  fields({ kind: z.literal("held") }),
  fields({ kind: z.literal("broken"), why: z.string() }),
  fields({ kind: z.literal("undecided"), why: z.string() }),
]);

/** The result at a rate. */
export type StepFinding = z.infer<typeof stepFinding>;

export const stepRecord = fields({
  rateRps: z.number(),
  /** The answered operations. */
  achievedRps: z.number(),
  operations: z.number(),
  errorRatio: measured,
  latencyMs: fields({ mean: measured, p50: measured, p95: measured, p99: measured, max: measured }),
  /** Of the load generator itself. */
  lagMsP99: measured,
  resources: resourceReading,
  /** The share of the time in which the lab's machine was fully loaded; null when that cannot be read. */
  machineFullShare: measured,
  finding: stepFinding,
});

/** One rate, applied for some time. Latencies are the clients', from the planned start. */
export type StepRecord = z.infer<typeof stepRecord>;
