import type { Clock } from "../../core/index.ts";
import { mergeVerdicts } from "../../core/index.ts";
import type { SampleTable, ScenarioRecord, ScenarioSource } from "../../evidence/index.ts";
import type { Lab } from "../../lab/index.ts";
import type { ExperimentOutcome } from "./experiment-outcome.ts";
import { judgeScenario } from "./judge-scenario.ts";
import { orderHistories } from "./order-histories.ts";

/** What a record says of the run that it belongs to. */
interface RecordedRun {
  readonly lab: Pick<Lab, "logs">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly seed: number;
  readonly source: ScenarioSource;
  /** The run's folder: the paths of logs in the record are relative to it. */
  readonly folder: string;
  readonly command: string;
}

/** The record of an experiment that has ended, with its judgment. */
export function scenarioRecordOf(
  { seed, source, command, clock, lab, folder }: RecordedRun,
  outcome: ExperimentOutcome,
  samples: SampleTable,
  startedAtMs: number,
): ScenarioRecord {
  const { scenario, phases, faults } = outcome;
  const { checks, triggers, operations, notApplicable } = judgeScenario(outcome);
  return {
    name: scenario.name,
    hypothesis: scenario.hypothesis,
    source,
    verdict: mergeVerdicts(checks.map((check) => check.verdict)),
    seed,
    command,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: clock.nowMs() - startedAtMs,
    phases,
    faults: faults.map(({ record }) => record),
    samples,
    triggers,
    checks,
    notApplicable,
    operations,
    orders: ordersOf(outcome),
    logs: lab.logs().map(({ process, path }) => ({
      process,
      path: path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path,
    })),
  };
}

/**
 * None when the experiment broke off before the books were read: without them there is nothing to compare.
 */
function ordersOf({ settled, faults, load }: ExperimentOutcome): ScenarioRecord["orders"] {
  if (settled === null) return { listed: [], omitted: 0 };
  const { startedAtEpochMs } = load;
  return orderHistories({
    state: settled.state,
    faults: faults.map(({ record }) => record),
    startedAtEpochMs,
  });
}
