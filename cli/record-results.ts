import {
  type BackpressureRecord,
  type CheckRecord,
  type DrillRecord,
  type FiledRecord,
  RUN_SCHEMA,
  type RunRecord,
} from "../evidence/index.ts";
import type { CommandResult } from "./output.ts";

/** What a program reads of a record, by its kind. The record's file has all of it. */
export function recordResult(record: FiledRecord): CommandResult {
  switch (record.schema) {
    case RUN_SCHEMA:
      return runResult(record);
    case "kanit.drill/3":
      return drillResult(record);
    case "kanit.backpressure/2":
      return backpressureResult(record);
  }
}

function runResult({ runId, seed, scenarios, notRun, notApplicable }: RunRecord): CommandResult {
  return {
    runId,
    seed,
    scenarios: scenarios.map(({ name, verdict, seed, durationMs, command, checks }) => ({
      ...{ name, verdict, seed, durationMs, repeat: command },
      checks: checks.map(checkResult),
    })),
    notRun,
    notApplicable,
  };
}

function checkResult({ kind, name, verdict, expected, received }: CheckRecord): CommandResult {
  return { kind, name, verdict, expected, received };
}

function drillResult({ runId, seed, triggers, quiet, notApplicable }: DrillRecord): CommandResult {
  return {
    runId,
    seed,
    triggers: triggers.map(({ trigger, verdict, outcome, why }) => ({ trigger, verdict, outcome, why })),
    quiet: { verdict: quiet.verdict, fired: quiet.fired, why: quiet.why },
    notApplicable,
  };
}

function backpressureResult({ runId, seed, outcome, why }: BackpressureRecord): CommandResult {
  return { runId, seed, outcome, why };
}
