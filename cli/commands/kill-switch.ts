import type { Command } from "commander";
import { KILL_SWITCH_GATE } from "../../gates/index.ts";
import type { CommandContext } from "../context.ts";
import { showGateRecord } from "../gate-view.ts";
import { newestRelease } from "../newest-release.ts";
import { type TargetFlags, withTargetFlags } from "../open-target.ts";
import { openAndPass } from "../pass-gate.ts";
import { release, releasesOf } from "../release-flags.ts";

/** Evidence that belongs to no release. */
const REHEARSAL = "rehearsal";

/** `kanit kill-switch [release] --drill`: stops the trading of a canary in a lab, and tries what may go wrong. */
export function addKillSwitchCommand(program: Command, context: CommandContext): void {
  const command = program
    .command(KILL_SWITCH_GATE.name)
    .description(`${KILL_SWITCH_GATE.checks.length} checks: ${KILL_SWITCH_GATE.question}`)
    .argument("[release]", "the release (default: the one for which something was filed last)", release)
    .requiredOption(
      "--drill",
      "stop the canary's trading in a lab, restart it, take its store away, and enable it",
    );
  withTargetFlags(command)
    .addHelpText(
      "after",
      "\nIt sends orders, so it works on a lab only: one that is up with --canary, or one that it starts.",
    )
    .action((name: string | undefined, flags: TargetFlags) => drill(name, flags, context));
}

async function drill(given: string | undefined, flags: TargetFlags, context: CommandContext): Promise<void> {
  const { root } = releasesOf(flags, context.environment);
  const name = given ?? (await newestRelease(root)) ?? REHEARSAL;
  showGateRecord(await openAndPass(KILL_SWITCH_GATE, name, flags, context), context);
}
