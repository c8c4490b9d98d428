import { appendFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { exitCodeOf } from "../../core/index.ts";
import { renderDrillMarkdown, renderDrillTerminal } from "../../reports/index.ts";
import { commandLine, DEFAULT_TIME_SCALE, drillTriggers } from "../../runs/index.ts";
import { DRILL_CONDITIONS } from "../../scenarios/index.ts";
import type { CommandContext } from "../context.ts";
import { showDrillProgress } from "../drill-progress.ts";
import { completeLabFlags, type LabFlags, withLabFlags } from "../lab-flags.ts";
import { GREATEST_TIME_SCALE, nonEmpty, positiveNumber } from "../parse-arguments.ts";

const TERMINAL_COLUMNS = 140;

interface DrillFlags extends LabFlags {
  readonly rules?: string;
  readonly timeScale: number;
}

/** `kanit drill [trigger...]`: would your alert have fired? */
export function addDrillCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("drill")
    .description("make each trigger's condition happen in a lab, and see whether it fires")
    .argument("[trigger...]", "which alerts (default: the twenty triggers, or all of --rules)")
    .option("--rules <file>", "drill this Prometheus rule file instead of kanit's own triggers", nonEmpty)
    .option(
      "--time-scale <n>",
      "trigger seconds in one second of the lab",
      positiveNumber(GREATEST_TIME_SCALE),
      DEFAULT_TIME_SCALE,
    );
  withLabFlags(command).action((triggers: readonly string[], flags: DrillFlags) =>
    drill(triggers, flags, context),
  );
}

async function drill(
  triggers: readonly string[],
  flags: DrillFlags,
  { environment, output, signal, exitWith }: CommandContext,
): Promise<void> {
  const { repeat, runtime, ...lab } = await completeLabFlags(flags, environment);
  const words = [
    "drill",
    ...triggers,
    ...(flags.rules === undefined ? [] : ["--rules", flags.rules]),
    ...["--seed", String(lab.seed)],
    ...repeat,
    ...(flags.timeScale === DEFAULT_TIME_SCALE ? [] : ["--time-scale", String(flags.timeScale)]),
  ];
  const { record, paths } = await drillTriggers({
    triggers,
    conditions: DRILL_CONDITIONS,
    rulesPath: flags.rules === undefined ? null : resolve(flags.rules),
    runtime,
    lab: { ...lab, temporaryDirectory: environment.temporaryDirectory },
    timeScale: flags.timeScale,
    command: commandLine(words),
    listener: showDrillProgress(output),
    signal,
  });
  if (environment.stepSummaryPath !== null) {
    await appendFile(environment.stepSummaryPath, renderDrillMarkdown(record));
  }
  const { colour } = environment.terminal;
  const reportPath = relative(process.cwd(), paths.html);
  const table = renderDrillTerminal(record, { colour, columns: TERMINAL_COLUMNS, reportPath });
  output.line(`\n${table.trimEnd()}`);
  exitWith(exitCodeOf(record.verdict));
}
