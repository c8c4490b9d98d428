import { z } from "zod";
import { faultBiteSchema } from "../../core/index.ts";
import { fields, measured } from "./schema.ts";

export const faultRecord = fields({
  /** For display: `latency 300 ms ± 20 ms on postgres, downstream`. */
  label: z.string(),
  kind: z.string(),
  link: z.string(),
  injectedAtMs: z.number(),
  /** Null: it was never healed, which is a failure of the harness and reported as such. */
  healedAtMs: measured,
  /** Whether it affected anything: a fault that affected nothing proves nothing. */
  bite: faultBiteSchema,
});

export type FaultRecord = z.infer<typeof faultRecord>;
