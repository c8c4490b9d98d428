import { z } from "zod";
import type { ExperimentRecord } from "../experiment/experiment-record.ts";
import { signaturesOf } from "../failure/signature.ts";
import { featuresOf, touched } from "./coverage.ts";

const milliseconds = z.number();
const signature = z.strictObject({ check: z.string(), problem: z.string() });

/** What is kept of each experiment: enough for the report, and to go on after an interruption. */
export const EXPERIMENT_LINE_SCHEMA = z.strictObject({
  number: z.int(),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  /** Every check that failed, also where the machine excuses it. */
  signatures: z.array(signature).readonly(),
  /** Why it is inconclusive: excuses, and checks that could not be made. */
  unclear: z.array(z.string()).readonly(),
  features: z.array(z.string()).readonly(),
  facts: z.record(z.string(), z.number()),
  /** The faults that touched nothing. */
  untouched: z.array(z.string()).readonly(),
  faults: z.int(),
  operations: z.int(),
  split: z.strictObject({
    resetMs: milliseconds,
    operationsMs: milliseconds,
    settlingMs: milliseconds,
    checksMs: milliseconds,
  }),
});

export type ExperimentLine = z.output<typeof EXPERIMENT_LINE_SCHEMA>;

export function lineOf(number: number, record: ExperimentRecord): ExperimentLine {
  const { verdict, checks, excuses, faults, operations, facts, split } = record;
  const unmade = checks.filter((check) => check.verdict === "inconclusive");
  const reasons = [...excuses, ...unmade.map(({ name, received }) => `${name}: ${received}`)];
  return {
    number,
    verdict,
    signatures: signaturesOf(checks),
    unclear: verdict === "inconclusive" ? reasons : [],
    features: [...featuresOf(record)],
    facts,
    untouched: faults.filter(({ bite }) => !touched(bite)).map(({ label }) => label),
    faults: faults.length,
    operations: operations.length,
    split,
  };
}
