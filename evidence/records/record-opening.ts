import { z } from "zod";
import { environmentRecord } from "./environment-record.ts";
import { verdict } from "./schema.ts";

/** The first fields of every record: the run, where and when it took place, and its result. */
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
