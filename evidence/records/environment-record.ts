import { z } from "zod";
import { fields } from "./schema.ts";

export const environmentRecord = fields({
  runtime: z.string(),
  kanitVersion: z.string(),
  /** The commit of the checkout, or `unknown` outside one. */
  commit: z.string(),
  node: z.string(),
  os: z.string(),
  cpuModel: z.string(),
  cpuCount: z.number(),
  memoryBytes: z.number(),
  postgres: z.string(),
  pgbouncer: z.string(),
  proxy: z.string(),
  /** `recording btcusdt_20240808.gz` or `synthetic, seed 7`. */
  market: z.string(),
  tapeSpeed: z.number(),
  /** One second of the lab represents this many seconds of production, in trigger windows. */
  timeScale: z.number(),
});

/** Where a run took place, so that a reader can judge what its figures are worth. */
export type EnvironmentRecord = z.infer<typeof environmentRecord>;
