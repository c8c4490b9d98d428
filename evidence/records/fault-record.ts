import { z } from "zod";
import { fields, measured } from "./schema.ts";

const biteRecord = z.discriminatedUnion("kind", [
  fields({
    kind: z.literal("counted"),
    connections: z.number(),
    bytes: z.number(),
    /** Null where the fault does not know messages. */
    messages: measured,
  }),
  fields({ kind: z.literal("unknown"), why: z.string() }),
]);

/** Whether a fault touched anything. A fault that touched nothing proves nothing. */
export type BiteRecord = z.infer<typeof biteRecord>;

export const faultRecord = fields({
  /** For a person: `latency 300 ms ± 20 ms on postgres, downstream`. */
  label: z.string(),
  kind: z.string(),
  link: z.string(),
  injectedAtMs: z.number(),
  /** Null: it was never healed, which is a failure of the harness and reported as such. */
  healedAtMs: measured,
  bite: biteRecord,
});

export type FaultRecord = z.infer<typeof faultRecord>;
