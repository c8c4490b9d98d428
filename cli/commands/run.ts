import { type Command, Option } from "commander";
import { FAULT_KINDS } from "../../chaos/index.ts";
import { UnavailableError, UsageError } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import { unfitness } from "../../harness/index.ts";
import type { Runtime } from "../../lab/index.ts";
import {
  type Configuration,
  DEFAULT_TIME_SCALE,
  experimentsOf,
  KeptLab,
  PROFILES,
  type ProfileName,
  readConfiguration,
  readRunFacts,
  runExperiments,
  type SelectedScenario,
  type Selection,
  type SelectionResult,
  scenariosOf,
  selectScenarios,
} from "../../runs/index.ts";
import { ALL_SCENARIOS } from "../../scenarios/index.ts";
import type { CommandContext } from "../context.ts";
import { completeLabFlags, type LabFlags, withLabFlags } from "../lab-flags.ts";
import { GREATEST_TIME_SCALE, nonEmpty, positiveNumber, wholeNumber } from "../parse-arguments.ts";
import { showProgress } from "../progress.ts";
import { fileForFlags, type ReleaseFlags, withReleaseFlags } from "../release-flags.ts";
import { runOnSave } from "../run-on-save.ts";
import { runReproduction } from "../run-reproduction.ts";
import {
  SELECTOR_HELP,
  type SelectionFlags,
  selectionOf,
  selectionWords,
  withSelectionFlags,
} from "../selection-flags.ts";
import { showEnd } from "../show-end.ts";
import { watchable } from "../watch-files.ts";

const MOST_TIMES = 1_000;
const DEFAULT_TIMES = 3;

interface RunFlags extends LabFlags, ReleaseFlags {
  readonly profile: ProfileName;
  readonly timeScale: number;
}

interface NamedFlags extends RunFlags, SelectionFlags {
  readonly watch: boolean;
  readonly reproduction?: string;
  readonly times: number;
}

interface RunOptions {
  readonly title: string;
  readonly choose: (
    platform: PlatformDefinition,
    configuration: Configuration,
  ) => Promise<Omit<SelectionResult, "mistakes">>;
  /** The command and its arguments, without the flags of the run. */
  readonly words: readonly string[];
  /** The lab of the run before, when a file is run again and again. */
  readonly kept: KeptLab | null;
}

/** `kanit start` and `kanit run`. */
export function addRunCommands(program: Command, context: CommandContext): void {
  const start = program
    .command("start")
    .description("run the scenarios of a profile (what `npm start` does)");
  withRunFlags(start).action((flags: RunFlags) =>
    run(
      {
        title: `${flags.profile} profile`,
        choose: async (platform) => ({
          selected: scenariosOf(PROFILES[flags.profile], platform),
          warnings: [],
        }),
        words: ["start"],
        kept: null,
      },
      flags,
      context,
    ),
  );

  const named = program
    .command("run")
    .description("run scenarios of the catalog and of files")
    .argument("[scenario...]", SELECTOR_HELP);
  withSelectionFlags(withRunFlags(named))
    .option("--watch", "run again whenever a file is saved, until Ctrl-C", false)
    .option("--reproduction <file>", "repeat a failure that `kanit explore` found", nonEmpty)
    .option("--times <n>", "how often to repeat it", wholeNumber(1, MOST_TIMES), DEFAULT_TIMES)
    .action((selectors: readonly string[], flags: NamedFlags) => {
      const { reproduction, times } = flags;
      if (reproduction !== undefined) return runReproduction(reproduction, times, flags, context);
      const selection = selectionOf(selectors, flags);
      const words = selectionWords(selection);
      const options: RunOptions = {
        title: selectors.length === 0 ? `tagged ${flags.tag.join(", ")}` : selectors.join(", "),
        choose: (_, configuration) => chooseScenarios(selection, flags, configuration),
        words: ["run", ...words],
        kept: null,
      };
      return flags.watch
        ? runWatched(options, watchable(selectors), flags, context)
        : run(options, flags, context);
    });
}

/** Runs again on each save, in the lab of the run before. */
async function runWatched(
  options: RunOptions,
  paths: readonly string[],
  flags: RunFlags,
  context: CommandContext,
): Promise<void> {
  await using kept = new KeptLab();
  await runOnSave(paths, context, (each) => run({ ...options, kept }, flags, each));
}

async function chooseScenarios(
  selection: Selection,
  { timeScale, runtime }: Pick<RunFlags, "timeScale" | "runtime">,
  configuration: Configuration,
): ReturnType<RunOptions["choose"]> {
  if (selection.selectors.length + selection.tags.length === 0) {
    throw new UsageError({
      code: "nothing-selected",
      message: "Expected scenarios to run, got none.",
      nextStep: "Name some, or use --tag; `kanit list` shows them, and `kanit start` runs a profile.",
    });
  }
  return selectScenarios(selection, ALL_SCENARIOS, await readRunFacts(timeScale, runtime, configuration));
}

function withRunFlags(command: Command): Command {
  const profiles = Object.entries(PROFILES).map(([name, profile]) => `${name}: ${profile.summary}`);
  const profile = new Option("--profile <name>", profiles.join("; "));
  return withReleaseFlags(withLabFlags(command))
    .addOption(profile.choices(Object.keys(PROFILES)).default("short"))
    .option(
      "--time-scale <n>",
      "trigger seconds in one second of the lab",
      positiveNumber(GREATEST_TIME_SCALE),
      DEFAULT_TIME_SCALE,
    );
}

async function run(options: RunOptions, flags: RunFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, noteVerdict } = context;
  const configuration = await readConfiguration(process.cwd());
  const { repeat: labWords, runtime, outDirectory, ...lab } = await completeLabFlags(flags, environment);
  const repeat = [
    ...labWords,
    ...(flags.timeScale === DEFAULT_TIME_SCALE ? [] : ["--time-scale", String(flags.timeScale)]),
  ];
  const profile = flags.profile === "short" ? [] : ["--profile", flags.profile];
  const { selected: chosen, warnings } = await options.choose(lab.platform, configuration);
  for (const warning of warnings) output.line(`warning: ${warning}`);
  checkSomeApplies(chosen, lab.platform);
  for (const { scenario } of chosen) {
    const why = unfitness(scenario, lab.platform);
    if (why !== null) output.line(`${scenario.name}  ${why}`);
  }
  const { runnable, notRun } = byEngine(chosen, runtime);
  for (const { name, why } of notRun) output.line(`${name}  not run: ${why}`);
  const showEvent = showProgress(output);
  const filed = await runExperiments({
    title: options.title,
    experiments: experimentsOf(PROFILES[flags.profile], lab.seed, runnable),
    notRun,
    whenUnfit: chosen.some(({ isNamed }) => isNamed) ? "not-run" : "left-out",
    configuration,
    runtime,
    outDirectory,
    lab: { ...lab, temporaryDirectory: environment.temporaryDirectory },
    timeScale: flags.timeScale,
    words: [...options.words, "--seed", String(lab.seed), ...profile, ...repeat],
    wordsOf: ({ selector, seed }) => ["run", selector, "--seed", String(seed), ...profile, ...repeat],
    listener: (event) => {
      if (event.kind === "scenario.ended") noteVerdict(event.record.verdict);
      showEvent(event);
    },
    signal,
    kept: options.kept,
  });
  await showEnd(filed, context);
  await fileForFlags(flags, "run", filed, context);
}

/** @throws UnavailableError `nothing-applies` when the platform lacks what each of the scenarios needs. */
function checkSomeApplies(chosen: readonly SelectedScenario[], platform: PlatformDefinition): void {
  const reasons = chosen.map(({ scenario }) => unfitness(scenario, platform));
  if (chosen.length === 0 || reasons.includes(null)) return;
  const names = chosen.map(({ scenario }) => scenario.name).join(", ");
  throw new UnavailableError({
    code: "nothing-applies",
    message: `Expected a scenario that applies to ${platform.name}, got ${names} (${[...new Set(reasons)].join("; ")}).`,
    nextStep: "See `kanit list` for others; the platform's definition says what it has.",
  });
}

/**
 * Separates the scenarios that the lab's fault proxy can run from those that it cannot.
 *
 * @throws UnavailableError `needs-kanit-engine` when it can run none of them.
 */
function byEngine(chosen: readonly SelectedScenario[], runtime: Runtime) {
  const hasKanit = runtime.name === "local" || runtime.docker.proxyEngine === "kanit";
  const runs = ({ scenario }: SelectedScenario) =>
    hasKanit || scenario.faults.every(({ fault }) => FAULT_KINDS[fault.kind].needs === "toxiproxy");
  const runnable = chosen.filter(runs);
  const notRun = chosen
    .filter((each) => !runs(each))
    .map(({ scenario: { name } }) => ({ name, why: "needs the kanit engine (KANIT_PROXY=kanit)" }));
  if (runnable.length === 0 && notRun.length > 0) {
    throw new UnavailableError({
      code: "needs-kanit-engine",
      message: `Expected a fault proxy that can do ${notRun.map(({ name }) => name).join(", ")}, but Toxiproxy cannot.`,
      nextStep: "Not run: needs the kanit engine. Set KANIT_PROXY=kanit, or use --runtime local.",
    });
  }
  return { runnable, notRun };
}
