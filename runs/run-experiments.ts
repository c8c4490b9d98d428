import { systemClock } from "../core/index.ts";
import type { RunRecord } from "../evidence/index.ts";
import { type Experiment, type RunListener, runSuite } from "../harness/index.ts";
import { type LabOptions, type Runtime, startLab } from "../lab/index.ts";
import { type ReportPaths, writeReport } from "../reports/index.ts";
import { loadRuleFiles } from "../signals/index.ts";
import { openArchive } from "./open-archive.ts";

/** One second of the lab is a minute of production: a five-minute trigger is drilled in five seconds. */
export const DEFAULT_TIME_SCALE = 60;

/** Which experiments are run, and in which lab. */
export interface ExperimentsOptions {
  readonly title: string;
  readonly experiments: readonly Experiment[];
  /** Scenarios that were asked for and that this lab cannot carry out, and why. */
  readonly notRun: RunRecord["notRun"];
  readonly runtime: Runtime;
  readonly lab: Omit<LabOptions, "logDirectory" | "signal">;
  readonly timeScale: number;
  /** The words that repeat the run, and one experiment of it: `run db-latency --seed 7`. */
  readonly words: readonly string[];
  readonly wordsOf: (experiment: Experiment) => readonly string[];
  readonly listener: RunListener;
  readonly signal: AbortSignal;
}

/** A finished run and where its reports are. */
export interface FiledRun {
  readonly record: RunRecord;
  readonly paths: ReportPaths;
}

/**
 * Runs experiments in a lab that it starts and stops, and writes the report and the evidence to `reports/out/<run>`.
 *
 * @throws KanitError when the lab does not start or the evidence cannot be written.
 */
export async function runExperiments(options: ExperimentsOptions): Promise<FiledRun> {
  const { lab, signal } = options;
  const archive = await openArchive(lab, "run");
  const record = await runSuite({
    title: options.title,
    experiments: options.experiments,
    notRun: options.notRun,
    seed: lab.seed,
    timeScale: options.timeScale,
    rules: await loadRuleFiles(),
    platform: lab.platform,
    startLab: (logDirectory) => startLab(options.runtime, { ...lab, logDirectory, signal }),
    archive,
    clock: systemClock,
    command: commandLine(options.words),
    commandOf: (experiment) => commandLine(options.wordsOf(experiment)),
    listener: options.listener,
    signal,
  });
  const paths = await writeReport(record, archive);
  await archive.writeManifest();
  return { record, paths };
}

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** The command line that consists of these words, quoted for a shell where they need it. */
export function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) => (PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return ["./kanit", ...quoted].join(" ");
}
