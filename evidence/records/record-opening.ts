import { z } from "zod";
import { environmentRecord } from "./environment-record.ts";
import { verdict } from "./schema.ts";

/** What every record begins with: which run it is of, where and when it took place, and what came out. */
export const recordOpening = {
  runId: z.string(),
  title: z.string(),
  /** The command line that repeats the run. */
  command: z.string(),
  seed: z.number(),
  /** The name of the platform under test. */
  platform: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  verdict,
  environment: environmentRecord,
};
