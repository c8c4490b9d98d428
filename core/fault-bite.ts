import { z } from "zod";

/**
 * What a fault actually affected: counted by the fault proxy or the fault itself, returned by the control
 * API, filed in the run record and shown in the report. `counted` with zeroes proves that it affected
 * nothing; `unknown` proves nothing. Neither of the two ever makes a scenario pass.
 */
export const faultBiteSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("counted"),
      connections: z.number(),
      /** Delayed, held, split or dropped bytes. */
      bytes: z.number(),
      /** Null when the fault does not know messages. */
      messages: z.number().nullable(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal("unknown"), why: z.string() }).readonly(),
]);

export type FaultBite = z.infer<typeof faultBiteSchema>;
