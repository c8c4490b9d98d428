import { z } from "zod";
import { fields, measured } from "./schema.ts";

const latencyRecord = fields({ p50: measured, p95: measured, p99: measured, max: measured });

/** Latency from the planned start of an operation, in milliseconds; null without a single measurement. */
export type LatencyRecord = z.infer<typeof latencyRecord>;

export const operationsRecord = fields({
  rateRps: z.number(),
  total: z.number(),
  succeeded: z.number(),
  /** Answered with a refusal that is part of the contract: a risk block, a filter, too little balance. */
  rejected: z.number(),
  failed: z.number(),
  /** The client never learned the outcome: a timeout, a cut connection. */
  unknown: z.number(),
  latencyMs: latencyRecord,
});

export type OperationsRecord = z.infer<typeof operationsRecord>;
