import { z } from "zod";
import { faultBiteSchema } from "../../core/index.ts";
import { fields, measured } from "./schema.ts";

export const faultRecord = fields({
  /** For a person: `latency 300 ms ± 20 ms on postgres, downstream`. */
  label: z.string(),
  kind: z.string(),
  link: z.string(),
  injectedAtMs: z.number(),
  /** Null: it was never healed, which is a failure of the harness and reported as such. */
  healedAtMs: measured,
  /** Whether it touched anything: a fault that touched nothing proves nothing. */
  bite: faultBiteSchema,
});

export type FaultRecord = z.infer<typeof faultRecord>;
