import { z } from "zod";
import { faultBiteSchema } from "../../core/index.ts";

/** What one toxic affected, as `GET /kanit/bites` returns it. Times are since the Unix epoch. */
export const toxicBiteSchema = z.object({
  proxy: z.string(),
  /** The toxic's name; null for the proxy itself being disabled. */
  toxic: z.string().nullable(),
  bite: faultBiteSchema,
  /** Connections that a message-aware toxic could not parse, and passed unchanged. */
  gaveUp: z.number(),
  /** Why it could not parse the last of them; null when there is none. */
  gaveUpWhy: z.string().nullable(),
  /** Null while nothing was affected. */
  firstAtMs: z.number().nullable(),
  lastAtMs: z.number().nullable(),
});

export type ToxicBite = z.infer<typeof toxicBiteSchema>;
