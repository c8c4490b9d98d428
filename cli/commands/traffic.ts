import type { Command } from "commander";
import { haproxyTraffic } from "../../gates/index.ts";
import { canaryOf, haproxyArmsOf } from "../../lab/index.ts";
import { sharePercent } from "../canary-flags.ts";
import { formatShare, readShare } from "../canary-view.ts";
import { type LabChoice, pickLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";

/** `kanit traffic`: which part of the requests goes to the candidate of a lab. */
export function addTrafficCommand(program: Command, context: CommandContext): void {
  withLabChoice(
    program
      .command("traffic")
      .description("set which part of the requests goes to the candidate of a lab, or show it")
      .argument("[percent]", "from 0 (nobody) to 100 (everybody); left out: shows it", sharePercent),
  ).action((percent: number | undefined, choice: LabChoice) => traffic(percent, choice, context));
}

async function traffic(
  percent: number | undefined,
  choice: LabChoice,
  { environment, output, signal }: CommandContext,
): Promise<void> {
  const lab = pickLab(await readyLabs(environment, choice), choice);
  const canary = canaryOf(lab);
  if (percent !== undefined) await haproxyTraffic(haproxyArmsOf(canary)).setShare(percent, signal);
  const share = await readShare(canary, signal);
  output.result({ lab: lab.id, sharePercent: typeof share === "number" ? share : null });
  output.line(
    typeof share === "number"
      ? `The candidate of lab ${lab.id} gets ${formatShare(share)} of the requests.`
      : `The share of the candidate of lab ${lab.id} is not known: ${share}.`,
  );
}
