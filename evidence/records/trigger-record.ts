import { z } from "zod";
import { fields, list, measured, verdict } from "./schema.ts";

const triggerStateRecord = fields({
  atMs: z.number(),
  state: z.enum(["no-data", "inactive", "pending", "firing"]),
  value: measured,
});

export type TriggerStateRecord = z.infer<typeof triggerStateRecord>;

export const triggerRecord = fields({
  name: z.string(),
  severity: z.string(),
  /** The rule's PromQL as written in its file, before time compression. */
  expression: z.string(),
  summary: z.string(),
  expected: z.enum(["fires", "quiet", "either"]),
  verdict,
  /** State changes, in order, starting with the state at time 0. */
  history: list(triggerStateRecord),
  /** How often its expression was evaluated and found data. */
  evaluations: z.int().min(0),
  firedAtMs: measured,
  /** From the injection of the first fault to firing; null when it did not fire after one. */
  firedAfterFaultMs: measured,
});

export type TriggerRecord = z.infer<typeof triggerRecord>;
