import { z } from "zod";

/** What a rollback does, in this order. Then it waits until users are well. */
export const STEP_NAMES = ["traffic", "kill-switch", "previous-version"] as const;
export type StepName = (typeof STEP_NAMES)[number];

const holder = z.object({
  pid: z.number().int().positive(),
  /** Distinguishes the process from a later one with the same id. */
  startedAt: z.string(),
  host: z.string(),
  user: z.string(),
});

/** Who carries out a rollback. */
export type Holder = z.infer<typeof holder>;

const request = z.object({
  reason: z.string(),
  /** The share at which the canary was, in percent. */
  stage: z.string(),
  actor: z.string(),
  target: z.string(),
  /** When it was asked for: the clock runs from then. */
  atMs: z.number(),
});

/** What somebody asked for. */
export type RollbackRequest = z.infer<typeof request>;

const ending = z.object({
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  /** When users were shown to be well; null when they were not. */
  wellAtMs: z.number().nullable(),
  /** Why it is no pass, one line each. */
  reasons: z.array(z.string()),
});

/** How a rollback ended. */
export type RollbackEnding = z.infer<typeof ending>;

const step = z.enum(STEP_NAMES);

/** One line of the journal of a release's rollbacks. */
export const entryShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rollback.claimed"), data: holder }),
  z.object({ kind: z.literal("rollback.requested"), data: request }),
  z.object({ kind: z.literal("step.begun"), data: z.object({ step }) }),
  z.object({ kind: z.literal("step.done"), data: z.object({ step, what: z.string() }) }),
  z.object({ kind: z.literal("step.failed"), data: z.object({ step, why: z.string() }) }),
  z.object({
    kind: z.literal("users.read"),
    data: z.object({ standing: z.enum(["well", "ill", "unknown"]), lines: z.array(z.string()) }),
  }),
  z.object({ kind: z.literal("rollback.ended"), data: ending }),
  z.object({ kind: z.literal("rollback.filed"), data: z.object({ folder: z.string() }) }),
  z.object({ kind: z.literal("rollback.released"), data: z.object({}) }),
]);

/** What a line says. */
export type RollbackEntry = z.infer<typeof entryShape>;

/** A line with the time at which it was written. */
export type TimedEntry = RollbackEntry & { readonly atMs: number };
