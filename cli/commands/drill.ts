import { resolve } from "node:path";
import type { Command } from "commander";
import { commandLine, DEFAULT_TIME_SCALE, drillTriggers } from "../../runs/index.ts";
import { DRILL_CONDITIONS } from "../../scenarios/index.ts";
import type { CommandContext } from "../context.ts";
import { showDrillProgress } from "../drill-progress.ts";
import { checkInputFile } from "../input-file.ts";
import { completeLabFlags, type LabFlags, withLabFlags } from "../lab-flags.ts";
import { GREATEST_TIME_SCALE, nonEmpty, positiveNumber } from "../parse-arguments.ts";
import { fileForFlags, type ReleaseFlags, withReleaseFlags } from "../release-flags.ts";
import { showEnd } from "../show-end.ts";

interface DrillFlags extends LabFlags, ReleaseFlags {
  readonly rules?: string;
  readonly timeScale: number;
}

/** `kanit drill [trigger...]`: checks whether alerts would have fired. */
export function addDrillCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("drill")
    .description("create each trigger's condition in a lab, and check that it fires")
    .argument("[trigger...]", "which alerts (default: the twenty triggers, or all of --rules)")
    .option("--rules <file>", "drill this Prometheus rule file instead of kanit's own triggers", nonEmpty)
    .option(
      "--time-scale <n>",
      "trigger seconds in one second of the lab",
      positiveNumber(GREATEST_TIME_SCALE),
      DEFAULT_TIME_SCALE,
    );
  withReleaseFlags(withLabFlags(command)).action((triggers: readonly string[], flags: DrillFlags) =>
    drill(triggers, flags, context),
  );
}

async function drill(triggers: readonly string[], flags: DrillFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, noteVerdict } = context;
  if (flags.rules !== undefined) checkInputFile(flags.rules, "rules");
  const { repeat, runtime, outDirectory, ...lab } = await completeLabFlags(flags, environment);
  const words = [
    "drill",
    ...triggers,
    ...(flags.rules === undefined ? [] : ["--rules", flags.rules]),
    ...["--seed", String(lab.seed)],
    ...repeat,
    ...(flags.timeScale === DEFAULT_TIME_SCALE ? [] : ["--time-scale", String(flags.timeScale)]),
  ];
  const showEvent = showDrillProgress(output);
  const filed = await drillTriggers({
    triggers,
    conditions: DRILL_CONDITIONS,
    rulesPath: flags.rules === undefined ? null : resolve(flags.rules),
    runtime,
    outDirectory,
    lab: { ...lab, temporaryDirectory: environment.temporaryDirectory },
    timeScale: flags.timeScale,
    command: commandLine(words),
    listener: (event) => {
      if (event.kind === "drill.quiet.ended") noteVerdict(event.quiet.verdict);
      showEvent(event);
    },
    signal,
  });
  await showEnd(filed, context);
  await fileForFlags(flags, "drill", filed, context);
}
