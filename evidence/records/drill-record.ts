import { z } from "zod";
import { notApplicable } from "./not-applicable.ts";
import { recordOpening } from "./record-opening.ts";
import { fields, list, measured, verdict } from "./schema.ts";

const ruleReading = z.discriminatedUnion("kind", [
  /** It fired, and its condition had not been true before that moment. */
  fields({
    kind: z.literal("fired"),
    /** When its expression first held, without `for`. */
    trueAfterMs: z.number(),
    firedAfterMs: z.number(),
    /** How often its expression stopped holding in between, so that `for` started again. */
    interruptions: z.number(),
  }),
  /** Its expression held, but never for long enough to fire. */
  fields({ kind: z.literal("held"), trueAfterMs: z.number(), longestMs: z.number() }),
  /** Its expression already held at that moment, and has not stopped since. */
  fields({ kind: z.literal("true-before") }),
  /** It had data, and its expression never held. */
  fields({ kind: z.literal("quiet") }),
  /** No series that it names ever existed. */
  fields({ kind: z.literal("no-data") }),
  /** It could not be evaluated. */
  fields({ kind: z.literal("failed"), why: z.string() }),
]);

/** The behavior of a rule after a moment, all times in milliseconds since that moment. */
export type RuleReading = z.infer<typeof ruleReading>;

const ruleRecord = fields({ rule: z.string(), reading: ruleReading });

export type RuleRecord = z.infer<typeof ruleRecord>;

const shownRecord = z.discriminatedUnion("kind", [
  fields({ kind: z.literal("shown"), what: z.string(), afterMs: z.number() }),
  fields({ kind: z.literal("not-shown"), what: z.string(), why: z.string() }),
]);

/** Whether the condition was observed to be true, by the samples and not by the rules. */
export type ShownRecord = z.infer<typeof shownRecord>;

const conditionRun = fields({
  condition: z.string(),
  summary: z.string(),
  /** The acts as they were executed. */
  acts: list(z.string()),
  shown: shownRecord,
  /** Whether the platform served its clients well before. */
  steadyBefore: z.boolean(),
  /** How long it was watched. */
  watchedMs: z.number(),
  /** How late the load generator itself was, P99 in ms; null when it sent nothing. */
  generatorLagMsP99: measured,
  /** What went wrong in the lab or the harness. */
  problems: list(z.string()),
  rules: list(ruleRecord),
});

/**
 * One condition that was created in the lab, and what every rule did then. Times in ms since the first act.
 */
export type ConditionRun = z.infer<typeof conditionRun>;

const triggerDrill = fields({
  trigger: z.string(),
  severity: z.string(),
  verdict,
  /** Whether it fired, or why not: `silent` is an alert that nothing here makes fire. */
  outcome: z.enum(["fired", "silent", "undecided"]),
  /** The condition under which it fired; null when it did not. */
  condition: z.string().nullable(),
  /** From the first act to when its expression first held, in ms of the lab. */
  trueAfterFaultMs: measured,
  /** From the first act to firing, in ms of the lab. */
  firedAfterFaultMs: measured,
  /** From when its expression first held, without `for`, to firing, in ms of the lab. */
  firedAfterTrueMs: measured,
  /** How often its expression stopped holding in between. */
  interruptions: z.number(),
  /** The other rules that fired under the same condition. */
  firedWith: list(z.string()),
  /** The conditions that were created for it. */
  tried: list(z.string()),
  /** One sentence for a reader. */
  why: z.string(),
});

/** The result of one drilled rule. */
export type TriggerDrill = z.infer<typeof triggerDrill>;

const quietDrill = fields({ verdict, watchedMs: z.number(), fired: list(z.string()), why: z.string() });

/** The control: the same lab with the same clients, and nothing done to it. */
export type QuietDrill = z.infer<typeof quietDrill>;

export const drillRecord = fields({
  schema: z.literal("kanit.drill/3"),
  ...recordOpening,
  /** The alerts that do not apply to the platform. */
  notApplicable: list(notApplicable),
  quiet: quietDrill,
  triggers: list(triggerDrill),
  runs: list(conditionRun),
});

/** A drill of alerts, as filed in `drill.json`. */
export type DrillRecord = z.infer<typeof drillRecord>;
