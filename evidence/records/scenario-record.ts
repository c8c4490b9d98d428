import { z } from "zod";
import { checkRecord } from "./check-record.ts";
import { faultRecord } from "./fault-record.ts";
import { notApplicable } from "./not-applicable.ts";
import { operationsRecord } from "./operations-record.ts";
import { orderRecords } from "./order-record.ts";
import { sampleTable } from "./sample-table.ts";
import { scenarioSource } from "./scenario-source.ts";
import { fields, list, verdict } from "./schema.ts";
import { triggerRecord } from "./trigger-record.ts";

const phaseRecord = fields({
  name: z.enum(["warm-up", "steady-before", "fault", "recovery", "steady-after"]),
  startMs: z.number(),
  endMs: z.number(),
});

export type PhaseRecord = z.infer<typeof phaseRecord>;

export const scenarioRecord = fields({
  name: z.string(),
  hypothesis: z.string(),
  source: scenarioSource,
  verdict,
  seed: z.number(),
  /** The command line that repeats this scenario alone. */
  command: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  phases: list(phaseRecord),
  faults: list(faultRecord),
  samples: sampleTable,
  triggers: list(triggerRecord),
  checks: list(checkRecord),
  /** What was not asked of this platform, since it lacks what is needed; none of it counts as held. */
  notApplicable: list(notApplicable),
  operations: operationsRecord,
  orders: orderRecords,
  /** The log of each process, relative to the run's folder. */
  logs: list(fields({ process: z.string(), path: z.string() })),
});

/** One experiment. Times named `atMs` are milliseconds since its start. */
export type ScenarioRecord = z.infer<typeof scenarioRecord>;
