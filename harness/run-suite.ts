import { type Clock, mergeVerdicts } from "../core/index.ts";
import type { PlatformDefinition } from "../definition/index.ts";
import { RUN_SCHEMA, type RunRecord, type ScenarioRecord } from "../evidence/index.ts";
import type { Lab, ProcessDeath } from "../lab/index.ts";
import type { RuleGroup } from "../signals/index.ts";
import {
  type Experiment,
  type FittedExperiment,
  fitExperiments,
  type WhenUnfit,
} from "./applicability/fit-experiments.ts";
import { environmentRecord } from "./experiment/environment-record.ts";
import { LabSupply } from "./experiment/lab-supply.ts";
import { Progress } from "./experiment/progress.ts";
import type { RunListener } from "./experiment/run-event.ts";
import type { ScenarioCanary } from "./experiment/scenario.ts";
import { unfinishedRecord } from "./experiment/unfinished-record.ts";
import { judgeBreakOff, judgeDeath } from "./judging/judge-harness.ts";
import type { Extensions } from "./own/extensions.ts";
import { runScenario } from "./run.ts";

/** The settings of a run of several experiments. */
export interface SuiteOptions {
  readonly runId: string;
  readonly title: string;
  readonly experiments: readonly Experiment[];
  /** Requested scenarios that this lab cannot run. */
  readonly notRun: RunRecord["notRun"];
  readonly whenUnfit: WhenUnfit;
  /** The run's own seed, from which those of the experiments are derived. */
  readonly seed: number;
  readonly timeScale: number;
  readonly rules: readonly RuleGroup[];
  readonly platform: PlatformDefinition;
  readonly extensions: Extensions;
  /** For what faults put down for a while. */
  readonly temporaryDirectory: string;
  /** Starts the lab with this number, from 1: one that lost a process, or has another candidate, is replaced. */
  readonly startLab: (number: number, canary: ScenarioCanary | null) => Promise<Lab>;
  /** Takes over the lab when the run has ended; null: it is stopped. */
  readonly keepLab: ((lab: Lab) => void) | null;
  /** The run's folder: the paths of logs in the record are relative to it. */
  readonly folder: string;
  readonly clock: Clock;
  /** The command lines that repeat the run, and one experiment of it. */
  readonly command: string;
  readonly commandOf: (experiment: Experiment) => string;
  readonly listener: RunListener;
  /** Called with errors outside the experiments. */
  readonly onProblem: (problem: string) => void;
  readonly signal: AbortSignal;
}

/** The results of the experiments: those with a record, and those that were not started or interrupted. */
type Carried = Pick<RunRecord, "scenarios" | "notRun">;

/**
 * Runs experiments one after the other in one lab. Once the lab is up it always returns a record: an
 * experiment that breaks off is inconclusive, a lab that has lost a process is replaced by another, and
 * experiments that an aborted run did not reach are listed with the reason. So no result can be lost.
 *
 * @param carryOut Carries out one experiment: `runScenario`, or another function in a test.
 * @throws KanitError when the first lab does not start.
 */
export async function runSuite(options: SuiteOptions, carryOut = runScenario): Promise<RunRecord> {
  const { clock, listener, seed, runId, title, command, platform } = options;
  const startedAt = new Date(clock.nowMs()).toISOString();
  const fitted = fitExperiments(options.experiments, options.rules, platform, options.whenUnfit);
  const { experiments, rules, notApplicable } = fitted;
  const planned = experiments.map(({ scenario }) => scenario.name);
  const notRun = [...options.notRun, ...fitted.notRun];
  const opening = { runId, title, command, seed, platform: platform.name, startedAt, notApplicable };
  listener({ kind: "run.started", ...opening, planned, notRun });
  const onReady = (labId: string, tookMs: number) => listener({ kind: "lab.ready", labId, tookMs });
  await using labs = new LabSupply({ ...options, onReady });
  const environment = await environmentRecord(
    await labs.get(experiments[0]?.scenario.canary ?? null),
    options.timeScale,
  );
  listener({ kind: "run.environment", environment });
  const carried = await carryOutAll({ ...options, rules, notRun }, experiments, labs, carryOut);
  const verdict = mergeVerdicts([
    ...carried.scenarios.map((record) => record.verdict),
    ...(carried.notRun.length === 0 ? [] : (["inconclusive"] as const)),
  ]);
  const endedAt = new Date(clock.nowMs()).toISOString();
  listener({ kind: "run.ended", runId, verdict, endedAt, notRun: carried.notRun });
  return { schema: RUN_SCHEMA, ...opening, endedAt, verdict, environment, ...carried };
}

async function carryOutAll(
  options: SuiteOptions,
  experiments: readonly FittedExperiment[],
  labs: LabSupply,
  carryOut: typeof runScenario,
): Promise<Carried> {
  const { signal } = options;
  const scenarios: ScenarioRecord[] = [];
  const notRun = [...options.notRun];
  for (const experiment of experiments) {
    const progress = new Progress(options.clock);
    const listener: RunListener = (event) => {
      progress.note(event);
      options.listener(event);
    };
    const record = signal.aborted
      ? null
      : await carryOutOne(experiment, { ...options, listener }, labs, carryOut);
    const { name } = experiment.scenario;
    if (record === null) notRun.push({ name, why: progress.whenInterrupted(reasonOf(signal.reason)) });
    else scenarios.push(record);
  }
  return { scenarios, notRun };
}

/** Null when it was aborted. */
async function carryOutOne(
  experiment: FittedExperiment,
  options: SuiteOptions,
  labs: LabSupply,
  carryOut: typeof runScenario,
): Promise<ScenarioRecord | null> {
  const { clock, signal, platform, onProblem } = options;
  const { scenario, seed, source, notApplicable } = experiment;
  const judged: ScenarioRecord[] = [];
  const listener: RunListener = (event) => {
    if (event.kind === "scenario.ended") judged.push(event.record);
    options.listener(event);
  };
  const command = options.commandOf(experiment);
  const startedAtMs = clock.nowMs();
  const brokenOff = (why: string, deaths: readonly ProcessDeath[]): ScenarioRecord => {
    const checks = [judgeBreakOff(why), ...deaths.map((death) => judgeDeath(death, platform.name))];
    const endedAtMs = clock.nowMs();
    const record = unfinishedRecord({ scenario, source, seed, command, startedAtMs, endedAtMs, checks });
    listener({ kind: "scenario.ended", record });
    return record;
  };
  // A death that is in no record yet happened after the previous experiment was judged.
  const unreportedDeaths = labs.newDeaths();
  if (labs.isDamaged) await labs.discard();
  if (unreportedDeaths.length > 0)
    return brokenOff(
      `${unreportedDeaths[0]?.process} was not running when the scenario began`,
      unreportedDeaths,
    );
  try {
    const lab = await labs.get(scenario.canary);
    const record = await carryOut(scenario, {
      ...options,
      listener,
      lab,
      seed,
      source,
      command,
      notApplicable,
    });
    labs.newDeaths();
    return record;
  } catch (error) {
    // The state of the lab is unknown.
    const deaths = labs.newDeaths();
    await labs.discard();
    const [record] = judged;
    if (record === undefined) return signal.aborted ? null : brokenOff(reasonOf(error), deaths);
    // It was judged, and failed while it cleaned up.
    onProblem(`Expected to clean up the lab of ${scenario.name}, got: ${reasonOf(error)}`);
    return record;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
