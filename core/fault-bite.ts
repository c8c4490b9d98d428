import { z } from "zod";

/**
 * What a fault actually affected: counted by the fault proxy or the fault itself, returned by the control
 * API, filed in the run record and shown in the report. A fault of a process counts no traffic: how long the
 * process was dead or paused is what it `lasted`. `counted` with zeroes proves that it affected nothing, as
 * does one that lasted no time; `unknown` proves nothing. None of these ever makes a scenario pass.
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
  z
    .strictObject({
      kind: z.literal("lasted"),
      /** What became of the process, to be read behind its name: `was dead`. */
      state: z.string(),
      durationMs: z.number(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal("unknown"), why: z.string() }).readonly(),
]);

export type FaultBite = z.infer<typeof faultBiteSchema>;
