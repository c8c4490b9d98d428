import { z } from "zod";

/**
 * What a fault really touched: counted by the fault proxy or the fault itself, carried by the control API, filed in
 * the run record and shown in the report. `counted` with zeroes is proof that it touched nothing; `unknown` is no proof
 * at all. Neither of the two ever makes a scenario pass.
 */
export const faultBiteSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("counted"),
      connections: z.number(),
      /** Delayed, held, cut apart or dropped. */
      bytes: z.number(),
      /** Null where the fault does not know messages. */
      messages: z.number().nullable(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal("unknown"), why: z.string() }).readonly(),
]);

export type FaultBite = z.infer<typeof faultBiteSchema>;
