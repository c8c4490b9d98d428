import { z } from "zod";
import { faultBiteSchema } from "../../core/index.ts";

/** What one toxic really touched, as `GET /kanit/bites` tells it. Times are of the Unix epoch. */
export const toxicBiteSchema = z.object({
  proxy: z.string(),
  /** The toxic's name; null for the proxy itself being disabled. */
  toxic: z.string().nullable(),
  bite: faultBiteSchema,
  /** Connections that a toxic which knows messages could not parse, so that they are plain pipes to it. */
  gaveUp: z.number(),
  /** Why it gave up the last of them; null when there is none. */
  gaveUpWhy: z.string().nullable(),
  /** Null as long as nothing was touched. */
  firstAtMs: z.number().nullable(),
  lastAtMs: z.number().nullable(),
});

export type ToxicBite = z.infer<typeof toxicBiteSchema>;
