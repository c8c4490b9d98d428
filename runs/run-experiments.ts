import { dirname, join } from "node:path";
import { systemClock, UsageError } from "../core/index.ts";
import { type PlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import type { RunRecord } from "../evidence/index.ts";
import {
  type Experiment,
  type RunEvent,
  type RunListener,
  runSuite,
  type ScenarioCanary,
  type WhenUnfit,
} from "../harness/index.ts";
import { INSTALLATION } from "../installation/index.ts";
import type { CanaryOptions, LabOptions, Runtime } from "../lab/index.ts";
import type { Configuration } from "./configuration/configuration.ts";
import type { KeptLab, LabSetting } from "./kept-lab.ts";
import { openArchive } from "./open-archive.ts";
import { readRunFacts } from "./read-run-facts.ts";
import { requireValid } from "./require-valid.ts";
import { type FiledRun, RunFiling } from "./run-filing.ts";
import { startProvenLab } from "./start-proven-lab.ts";

/** One second of the lab is a minute of production: a five-minute trigger is drilled in five seconds. */
export const DEFAULT_TIME_SCALE = 60;

/** The experiments to run, and the lab to run them in. */
export interface ExperimentsOptions {
  readonly title: string;
  readonly experiments: readonly Experiment[];
  /** Requested scenarios that this lab cannot run, and why. */
  readonly notRun: RunRecord["notRun"];
  readonly whenUnfit: WhenUnfit;
  /** What the user adds to kanit: own faults, invariants and rules. */
  readonly configuration: Configuration;
  readonly runtime: Runtime;
  readonly lab: Omit<LabOptions, "logDirectory" | "signal">;
  /** The folder of all runs; this one gets its own folder in it. */
  readonly outDirectory: string;
  readonly timeScale: number;
  /** The words that repeat the run, and one experiment of it: `run db-latency --seed 7`. */
  readonly words: readonly string[];
  readonly wordsOf: (experiment: Experiment) => readonly string[];
  readonly listener: RunListener;
  readonly signal: AbortSignal;
  /** The lab of an earlier run, and for the next one; null: the run has a lab of its own. */
  readonly kept: KeptLab | null;
}

/**
 * Runs experiments in a lab that it starts and stops, and files the run in `<outDirectory>/<run>`. Once the
 * lab is up, it always returns what is known.
 *
 * @throws UsageError `bad-scenario` before anything is started; KanitError when the lab does not start or the
 *   run's folder cannot be created.
 */
export async function runExperiments(options: ExperimentsOptions): Promise<FiledRun<RunRecord>> {
  requirePlantable(options.experiments, options.lab.platform);
  const stepsClock = stepsAClock(options.experiments, options.lab.platform);
  const lab = { ...options.lab, stepsClock };
  const { extensions } = options.configuration;
  const { kept } = options;
  const { secrets: _, ...withoutSecrets } = lab;
  // That of the latest lab, since scenarios may have candidates of their own.
  let setting: LabSetting = withoutSecrets;
  const facts = await readRunFacts(options.timeScale, options.runtime.name, options.configuration);
  const { rules } = facts;
  requireValid(options.experiments, facts);
  const archive = await openArchive(options.outDirectory, lab, "run");
  using filing = new RunFiling<RunEvent>(archive, options.signal);
  const { signal } = filing;
  return await filing.file(() =>
    runSuite({
      runId: archive.runId,
      folder: archive.folder,
      title: options.title,
      experiments: options.experiments,
      notRun: options.notRun,
      whenUnfit: options.whenUnfit,
      seed: lab.seed,
      timeScale: options.timeScale,
      rules,
      extensions,
      temporaryDirectory: lab.temporaryDirectory,
      platform: lab.platform,
      startLab: async (number, canary) => {
        const logDirectory =
          kept === null
            ? archive.path(logsOf(number))
            : // It is written to after the run's files were sealed.
              join(options.outDirectory, "labs", `${archive.runId}-${number}`);
        setting = { ...setting, canary: canaryOptions(canary, lab.platform) };
        return (
          (await kept?.take(setting)) ??
          (await startProvenLab(options.runtime, { ...lab, ...setting, logDirectory, signal }))
        );
      },
      keepLab: kept === null ? null : (each) => kept.keep(each, setting),
      clock: systemClock,
      command: commandLine(options.words),
      commandOf: (experiment) => commandLine(options.wordsOf(experiment)),
      listener: (event) => {
        if (event.kind !== "load.tick") filing.append(event);
        options.listener(event);
      },
      onProblem: (problem) => filing.warn(problem),
      signal,
    }),
  );
}

/** Whether a fault of the run will step the clock of the platform, and can. */
function stepsAClock(experiments: readonly Experiment[], { clock }: PlatformDefinition): boolean {
  const faults = experiments.flatMap(({ scenario }) => scenario.faults);
  return clock !== null && faults.some(({ fault }) => fault.kind === "clock-step");
}

/** Refuses a defect that would not be planted, since a scenario with it would then prove nothing. */
function requirePlantable(experiments: readonly Experiment[], { directory, name }: PlatformDefinition): void {
  const planting = experiments.find(({ scenario }) => (scenario.canary?.defects.length ?? 0) > 0);
  if (planting === undefined || directory === dirname(SPARK_DEFINITION)) return;
  throw new UsageError({
    code: "no-planted-defects",
    message: `Expected Spark for the candidate's defects in the scenario ${planting.scenario.name}, got the platform ${name}, in which none can be planted.`,
    nextStep: "Leave out canary.defects, or --platform.",
  });
}

/** The candidate of a scenario: the platform itself, with the planted defects. */
function canaryOptions(canary: ScenarioCanary | null, candidate: PlatformDefinition): CanaryOptions | null {
  if (canary === null) return null;
  const { defects, sharePercent, clients } = canary;
  const isSame = defects.length === 0;
  return {
    ...{ candidate, sharePercent, clients },
    candidateEnvironment: isSame ? {} : { SPARK_DEFECTS: defects.join(",") },
    difference: isSame ? "the same as stable" : `defect ${defects.join(", ")}`,
  };
}

function logsOf(lab: number): string {
  return lab === 1 ? "logs" : `logs/lab-${lab}`;
}

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** The command line that consists of these words, quoted for a shell where they need it. */
export function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) => (PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return [INSTALLATION.command, ...quoted].join(" ");
}
