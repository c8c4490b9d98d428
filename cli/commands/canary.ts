import { existsSync } from "node:fs";
import type { Command } from "commander";
import { type CanaryPlan, planLines, readCanaryPlan, USUAL_PLAN } from "../../gates/index.ts";
import type { CommandContext } from "../context.ts";
import { checkInputFile } from "../input-file.ts";
import { GREATEST_TIME_SCALE, nonEmpty, positiveNumber } from "../parse-arguments.ts";

const USUAL_FILE = "canary.yml";

interface CanaryFlags {
  readonly canaryFile?: string;
  readonly timeScale: number;
}

/** `kanit canary [release] --plan`: the stages, and what each of them needs. */
export function addCanaryCommand(program: Command, context: CommandContext): void {
  program
    .command("canary")
    .description("print the stages of a canary, and the samples that each of them needs")
    .argument("[release]", "the name of the release", "rehearsal")
    .option("--canary-file <file>", `its plan (default: ${USUAL_FILE} where there is one)`, nonEmpty)
    .option(
      "--time-scale <n>",
      "seconds of production in one second of a rehearsal",
      positiveNumber(GREATEST_TIME_SCALE),
      1,
    )
    .requiredOption("--plan", "print the plan, and change nothing")
    .action((_release: string, flags: CanaryFlags) => showPlan(flags, context));
}

async function showPlan(flags: CanaryFlags, { output }: CommandContext): Promise<void> {
  const plan = await planOf(flags);
  for (const line of planLines(plan, flags.timeScale)) output.line(line);
  output.result({ plan, timeScale: flags.timeScale });
}

async function planOf({ canaryFile }: CanaryFlags): Promise<CanaryPlan> {
  const file = canaryFile ?? (existsSync(USUAL_FILE) ? USUAL_FILE : undefined);
  if (file === undefined) return USUAL_PLAN;
  checkInputFile(file, "canary");
  return readCanaryPlan(file);
}
