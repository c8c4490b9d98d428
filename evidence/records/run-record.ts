import { z } from "zod";
import { notApplicable } from "./not-applicable.ts";
import { recordOpening } from "./record-opening.ts";
import { scenarioRecord } from "./scenario-record.ts";
import { fields, list } from "./schema.ts";

/** The version of the record; a change of its fields changes it. */
export const RUN_SCHEMA = "kanit.run/3";

export const runRecord = fields({
  schema: z.literal(RUN_SCHEMA),
  ...recordOpening,
  scenarios: list(scenarioRecord),
  /**
   * What was requested and could not be done here (`needs the kanit engine`): the run is then at best
   * inconclusive.
   */
  notRun: list(fields({ name: z.string(), why: z.string() })),
  /** Scenarios of a profile that do not apply to this platform: they are no part of the run. */
  notApplicable: list(notApplicable),
});

/** A run of scenarios, as filed in `run.json`. */
export type RunRecord = z.infer<typeof runRecord>;
