import { appendFile } from "node:fs/promises";
import { relative } from "node:path";
import { type Command, Option } from "commander";
import { exitCodeOf, UsageError } from "../../core/index.ts";
import type { Scenario } from "../../harness/index.ts";
import { renderMarkdown, renderTerminal } from "../../reports/index.ts";
import {
  CATALOGUE,
  DEFAULT_TIME_SCALE,
  experimentsOf,
  PROFILES,
  type ProfileName,
  runExperiments,
  scenariosOf,
} from "../../scenarios/index.ts";
import type { CommandContext } from "../context.ts";
import { completeLabFlags, type LabFlags, withLabFlags } from "../lab-flags.ts";
import { positiveNumber } from "../parse-arguments.ts";
import { showProgress } from "../progress.ts";

const TERMINAL_COLUMNS = 110;

interface RunFlags extends LabFlags {
  readonly profile: ProfileName;
  readonly timeScale: number;
}

interface RunWish {
  readonly title: string;
  readonly scenarios: readonly Scenario[];
  /** The command's own words, before the flags that repeat it. */
  readonly words: readonly string[];
}

/** `kanit start`, `kanit run` and `kanit list`. */
export function addRunCommands(program: Command, context: CommandContext): void {
  const start = program
    .command("start")
    .description("run the scenarios of a profile (what `npm start` does)");
  withRunFlags(start).action((flags: RunFlags) =>
    run(
      {
        title: `${flags.profile} profile`,
        scenarios: scenariosOf(PROFILES[flags.profile]),
        words: ["start"],
      },
      flags,
      context,
    ),
  );

  const named = program
    .command("run")
    .description("run scenarios by name")
    .argument("<scenario...>", `any of: ${CATALOGUE.map((scenario) => scenario.name).join(", ")}`);
  withRunFlags(named).action((names: readonly string[], flags: RunFlags) =>
    run(
      { title: names.join(", "), scenarios: names.map(scenarioOf), words: ["run", ...names] },
      flags,
      context,
    ),
  );

  program
    .command("list")
    .description("list the scenarios and what each of them believes")
    .action(() => {
      for (const { name, hypothesis } of CATALOGUE) context.output.line(`${name.padEnd(18)} ${hypothesis}`);
    });
}

function withRunFlags(command: Command): Command {
  const profiles = Object.entries(PROFILES).map(([name, profile]) => `${name}: ${profile.summary}`);
  const profile = new Option("--profile <name>", profiles.join("; "));
  return withLabFlags(command)
    .addOption(profile.choices(Object.keys(PROFILES)).default("short"))
    .option(
      "--time-scale <n>",
      "trigger seconds in one second of the lab",
      positiveNumber,
      DEFAULT_TIME_SCALE,
    );
}

function scenarioOf(name: string): Scenario {
  const found = CATALOGUE.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new UsageError({
    code: "unknown-scenario",
    message: `Expected the name of a scenario, got ${JSON.stringify(name)}.`,
    nextStep: `Known are ${CATALOGUE.map((scenario) => scenario.name).join(", ")}.`,
  });
}

async function run(wish: RunWish, flags: RunFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal } = context;
  const { repeat: labWords, ...lab } = await completeLabFlags(flags, environment);
  const repeat = [
    ...labWords,
    ...(flags.timeScale === DEFAULT_TIME_SCALE ? [] : ["--time-scale", String(flags.timeScale)]),
  ];
  const profile = flags.profile === "short" ? [] : ["--profile", flags.profile];
  const { record, paths } = await runExperiments({
    title: wish.title,
    experiments: experimentsOf(PROFILES[flags.profile], lab.seed, wish.scenarios),
    lab: { ...lab, temporaryDirectory: environment.temporaryDirectory },
    timeScale: flags.timeScale,
    words: [...wish.words, "--seed", String(lab.seed), ...profile, ...repeat],
    wordsOf: ({ scenario, seed }) => ["run", scenario.name, "--seed", String(seed), ...profile, ...repeat],
    listener: showProgress(output),
    signal,
  });
  if (environment.stepSummaryPath !== null)
    await appendFile(environment.stepSummaryPath, renderMarkdown(record));
  const { colour } = environment.terminal;
  const reportPath = relative(process.cwd(), paths.html);
  output.line(`\n${renderTerminal(record, { colour, columns: TERMINAL_COLUMNS, reportPath }).trimEnd()}`);
  context.exitWith(exitCodeOf(record.verdict));
}
