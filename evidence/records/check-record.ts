import { z } from "zod";
import { fields, verdict } from "./schema.ts";

export const checkRecord = fields({
  kind: z.enum(["steady-state", "fault", "trigger", "recovery", "invariant", "harness"]),
  name: z.string(),
  verdict,
  expected: z.string(),
  received: z.string(),
});

/** One thing that was checked: the steady state, recovery, an invariant, the harness's own health. */
export type CheckRecord = z.infer<typeof checkRecord>;
