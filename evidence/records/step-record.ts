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
  /** The share of the time for which timers of the event loop were late: it was at something else. */
  eventLoopStalledShare: measured,
  /** Requests that waited for a database connection, in the platform and at the pooler, on average. */
  poolWaiting: measured,
  /** Sessions of Postgres that waited for a lock, on average. */
  lockWaiting: measured,
  /** Server connections of the pooler that were in use, on average. */
  poolActive: measured,
  /** From a statement to the next in the same transaction, on average, in ms: what a statement takes the platform. */
  statementMs: measured,
  waits: operationWaits,
});

/** What the platform and what it depends on did while a rate was held. */
export type ResourceReading = z.infer<typeof resourceReading>;

const stepFinding = z.discriminatedUnion("kind", [
  fields({ kind: z.literal("held") }),
  fields({ kind: z.literal("broken"), why: z.string() }),
  fields({ kind: z.literal("undecided"), why: z.string() }),
]);

/** What came of holding a rate. */
export type StepFinding = z.infer<typeof stepFinding>;

export const stepRecord = fields({
  rateRps: z.number(),
  /** What was answered. */
  achievedRps: z.number(),
  operations: z.number(),
  errorRatio: measured,
  latencyMs: fields({ mean: measured, p50: measured, p95: measured, p99: measured, max: measured }),
  /** Of the load generator itself. */
  lagMsP99: measured,
  resources: resourceReading,
  /** The share of the time in which the lab's machine was full; null where that cannot be read. */
  machineFullShare: measured,
  finding: stepFinding,
});

/** One rate, held for a while. Latencies are the clients', from the planned start. */
export type StepRecord = z.infer<typeof stepRecord>;
