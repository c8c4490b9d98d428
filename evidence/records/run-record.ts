import { z } from "zod";
import { recordOpening } from "./record-opening.ts";
import { scenarioRecord } from "./scenario-record.ts";
import { fields, list } from "./schema.ts";

export const runRecord = fields({
  schema: z.literal("kanit.run/3"),
  ...recordOpening,
  scenarios: list(scenarioRecord),
  /**
   * What was requested and could not be done here (`needs the kanit engine`): the run is then at best
   * inconclusive.
   */
  notRun: list(fields({ name: z.string(), why: z.string() })),
});

/** A run of scenarios, as filed in `run.json`. */
export type RunRecord = z.infer<typeof runRecord>;
