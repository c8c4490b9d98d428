import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { systemClock } from "../core/index.ts";
import { createArchive, type RunRecord } from "../evidence/index.ts";
import { type Experiment, type RunListener, runSuite } from "../harness/index.ts";
import { type LabOptions, type Runtime, startLab } from "../lab/index.ts";
import { type ReportPaths, writeReport } from "../reports/index.ts";
import { loadRuleFiles } from "../signals/index.ts";

const RUNS = fileURLToPath(new URL("../reports/out", import.meta.url));

/** One second of the lab is a minute of production: a five-minute trigger is drilled in five seconds. */
export const DEFAULT_TIME_SCALE = 60;

/** What is run, in which lab. */
export interface ExperimentsOptions {
  readonly title: string;
  readonly experiments: readonly Experiment[];
  readonly runtime: Runtime;
  readonly lab: Omit<LabOptions, "logDirectory" | "signal">;
  readonly timeScale: number;
  /** The words that repeat the run, and one experiment of it: `run db-latency --seed 7`. */
  readonly words: readonly string[];
  readonly wordsOf: (experiment: Experiment) => readonly string[];
  readonly listener: RunListener;
  readonly signal: AbortSignal;
}

/** A run that was filed. */
export interface FiledRun {
  readonly record: RunRecord;
  readonly paths: ReportPaths;
}

/**
 * Runs experiments in a lab of their own and files report and evidence in `reports/out/<run>`.
 *
 * @throws KanitError when the lab does not start or the evidence cannot be written.
 */
export async function runExperiments(options: ExperimentsOptions): Promise<FiledRun> {
  const { lab, signal } = options;
  const archive = await createArchive({
    root: RUNS,
    runId: runIdOf(lab.seed),
    clock: systemClock,
    secrets: secretsIn(lab.platformEnvironment),
  });
  const record = await runSuite({
    title: options.title,
    experiments: options.experiments,
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

// Sorts by time, and two runs that start in the same second still differ.
function runIdOf(seed: number): string {
  const time = new Date(systemClock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time}Z-seed${seed}-${randomBytes(2).toString("hex")}`;
}

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** The command line that consists of these words, quoted for a shell where they need it. */
export function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) => (PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return ["./kanit", ...quoted].join(" ");
}

const SECRET_NAME = /secret|token|password|private|api_?key/i;

/** The values of variables whose names say that they are secret. */
export function secretsIn(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : []));
}
