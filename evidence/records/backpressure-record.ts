import { z } from "zod";
import { recordOpening } from "./record-opening.ts";
import { fields, list, measured } from "./schema.ts";
import { stepRecord } from "./step-record.ts";

/** What can limit a platform's rate. */
export const LIMITS = ["cpu", "event-loop", "pool", "locks", "database", "venue"] as const;
export type LimitName = (typeof LIMITS)[number];

const limitFinding = z.discriminatedUnion("kind", [
  fields({
    kind: z.literal("named"),
    limit: z.enum(LIMITS),
    nature: z.enum(["saturation", "backpressure"]),
    why: z.string(),
  }),
  fields({ kind: z.literal("unexplained"), why: z.string() }),
]);

/**
 * What slowed the platform down at the rate that broke the objective. `saturation`: latency rises and the CPU
 * is busy. `backpressure`: latency rises while the CPU is idle. A cause is named only when it accounts for
 * the latency.
 */
export type LimitFinding = z.infer<typeof limitFinding>;

const backpressureOutcome = z.discriminatedUnion("kind", [
  /** A rate broke the objective, twice. */
  fields({ kind: z.literal("limited"), rateRps: z.number(), limit: limitFinding }),
  /** The objective held at every rate. */
  fields({ kind: z.literal("unlimited"), rateRps: z.number() }),
  /** The measurement is not reliable, or was ended early. */
  fields({ kind: z.literal("undecided"), why: z.string() }),
]);

export type BackpressureOutcome = z.infer<typeof backpressureOutcome>;

const triggerRegion = fields({
  trigger: z.string(),
  /** P95 above this, in ms. */
  latencyAboveMs: z.number(),
  /** CPU below this, in cores; null when the CPU does not matter. */
  cpuBelow: measured,
});

/** Where an alert fires, in the plane of CPU and P95. */
export type TriggerRegion = z.infer<typeof triggerRegion>;

export const backpressureRecord = fields({
  schema: z.literal("kanit.backpressure/2"),
  ...recordOpening,
  /** How many cores the platform can use. */
  cores: z.number(),
  objective: fields({ latencyMsP95: z.number(), errorRatio: z.number() }),
  /** The rate at which the objective has to hold; null: none is required. */
  mustHoldRps: measured,
  /** One sentence: the result, or why there is none. */
  why: z.string(),
  /** What was done to the lab besides the load. */
  planted: list(z.string()),
  /** Each rate once, with its last result, lowest first. */
  steps: list(stepRecord),
  /** The highest rate at which the objective held; null when there is none. */
  heldRps: measured,
  outcome: backpressureOutcome,
  regions: list(triggerRegion),
});

/** What a platform did while the rate was raised step by step, as filed in `backpressure.json`. */
export type BackpressureRecord = z.infer<typeof backpressureRecord>;
