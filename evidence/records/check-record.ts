import { z } from "zod";
import { fields, list, verdict } from "./schema.ts";

export const checkRecord = fields({
  kind: z.enum(["steady-state", "fault", "trigger", "recovery", "invariant", "harness"]),
  name: z.string(),
  /**
   * What the check rests on, and so what excuses its failure. `time`: how long something took, which is no evidence
   * against the platform when the load generator was late or other programs filled the machine. `alarm`: a trigger
   * that should have stayed quiet, which a machine full of other programs may set off. `count`: what was counted,
   * compared or seen to happen, which nothing excuses.
   */
  basis: z.enum(["time", "alarm", "schedule", "count"]),
  verdict,
  expected: z.string(),
  received: z.string(),
  /**
   * What the check looked at. A check that looked at nothing is inconclusive, unless the
   * scenario expects nothing there.
   */
  judgedBy: fields({ count: z.int().min(0), noun: z.string() }),
  /** The client order ids of the orders with a problem, up to a hundred. */
  orders: list(z.string()),
});

/** One check: the steady state, recovery, an invariant, the harness's own health. */
export type CheckRecord = z.infer<typeof checkRecord>;
