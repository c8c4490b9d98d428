import { type Clock, mergeVerdicts } from "../core/index.ts";
import type { Archive, Journal, RunRecord, ScenarioRecord } from "../evidence/index.ts";
import type { Lab, PlatformDefinition } from "../lab/index.ts";
import type { RuleGroup } from "../signals/index.ts";
import { environmentRecord } from "./experiment/environment-record.ts";
import type { RunEvent, RunListener } from "./experiment/run-event.ts";
import type { Scenario } from "./experiment/scenario.ts";
import { runScenario } from "./run.ts";

/** A scenario with the seed that decides its market, its load and its faults. */
export interface Experiment {
  readonly scenario: Scenario;
  readonly seed: number;
}

/** What a run of several experiments is made of. */
export interface SuiteOptions {
  readonly title: string;
  readonly experiments: readonly Experiment[];
  /** Scenarios that were asked for and that this lab cannot carry out. */
  readonly notRun: RunRecord["notRun"];
  /** The run's own seed, from which those of the experiments come. */
  readonly seed: number;
  readonly timeScale: number;
  readonly rules: readonly RuleGroup[];
  readonly platform: PlatformDefinition;
  /** Brings the lab up; its logs go to the given folder. */
  readonly startLab: (logDirectory: string) => Promise<Lab>;
  readonly archive: Archive;
  readonly clock: Clock;
  /** The command lines that repeat the run, and one experiment of it. */
  readonly command: string;
  readonly commandOf: (experiment: Experiment) => string;
  readonly listener: RunListener;
  readonly signal: AbortSignal;
}

/**
 * Runs experiments one after the other in one lab, and files every event in the run's journal as it happens,
 * so that a crash loses nothing that was found before it. A run that is aborted has the verdict of what it
 * got to, at best inconclusive.
 *
 * @throws KanitError when the lab does not start.
 */
export async function runSuite(options: SuiteOptions): Promise<RunRecord> {
  const { archive, clock, signal, seed } = options;
  const startedAt = new Date(clock.nowMs()).toISOString();
  using journal = archive.startJournal();
  const tell = fanOut(journal, options.listener);
  tell({ kind: "run.started", runId: archive.runId, command: options.command, seed });
  const records: ScenarioRecord[] = [];
  const startMs = clock.monotonicMs();
  await using lab = await options.startLab(archive.path("logs"));
  tell({ kind: "lab.ready", labId: lab.id, tookMs: clock.monotonicMs() - startMs });
  const environment = await environmentRecord(lab, options.timeScale);
  tell({ kind: "run.environment", environment });
  for (const experiment of options.experiments) {
    if (signal.aborted) break;
    const command = options.commandOf(experiment);
    const context = { ...options, lab, seed: experiment.seed, command, listener: tell };
    try {
      records.push(await runScenario(experiment.scenario, context));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  const isComplete = records.length === options.experiments.length && options.notRun.length === 0;
  const verdict = mergeVerdicts([
    ...records.map((record) => record.verdict),
    ...(isComplete ? [] : (["inconclusive"] as const)),
  ]);
  tell({ kind: "run.ended", runId: archive.runId, verdict });
  return {
    schema: "kanit.run/2",
    runId: archive.runId,
    title: options.title,
    command: options.command,
    seed,
    platform: options.platform.name,
    startedAt,
    endedAt: new Date(clock.nowMs()).toISOString(),
    verdict,
    environment,
    scenarios: records.map((record) => withRelativeLogs(record, archive)),
    notRun: options.notRun,
  };
}

function fanOut(journal: Journal, listener: RunListener): RunListener {
  return (event) => {
    if (event.kind !== "load.tick") journal.append(event.kind, journalled(event));
    listener(event);
  };
}

// Samples are in run.json; in the journal they would only hide what happened.
function journalled(event: RunEvent): unknown {
  if (event.kind !== "scenario.ended") return event;
  const { samples: _, ...record } = event.record;
  return record;
}

function withRelativeLogs(record: ScenarioRecord, archive: Archive): ScenarioRecord {
  const logs = record.logs.map((log) => ({
    ...log,
    path: log.path.startsWith(archive.folder) ? log.path.slice(archive.folder.length + 1) : log.path,
  }));
  return { ...record, logs };
}
