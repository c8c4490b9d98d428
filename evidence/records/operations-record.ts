import { z } from "zod";
import { fields, list, measured } from "./schema.ts";

const latencyRecord = fields({ p50: measured, p95: measured, p99: measured, max: measured });

/** Latency from the planned start of an operation, in milliseconds; null without any measurement. */
export type LatencyRecord = z.infer<typeof latencyRecord>;

const routeRecord = fields({
  /** `POST /api/orders`, `GET /api/orders/:id`. */
  route: z.string(),
  /** How often it was called. */
  total: z.number(),
  /** How calls of it failed, the most frequent first: `503 venue_unavailable`, `no answer (timeout)`. */
  failures: list(fields({ reason: z.string(), count: z.number() })),
});

export type RouteRecord = z.infer<typeof routeRecord>;

export const operationsRecord = fields({
  rateRps: z.number(),
  total: z.number(),
  succeeded: z.number(),
  /** Refused by the contract: a risk block, a filter, too little balance. */
  rejected: z.number(),
  failed: z.number(),
  /** The client does not know the outcome: a timeout, a closed connection. */
  unknown: z.number(),
  latencyMs: latencyRecord,
  routes: list(routeRecord),
});

export type OperationsRecord = z.infer<typeof operationsRecord>;
