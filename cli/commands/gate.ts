import { Argument, type Command } from "commander";
import { counted, UsageError } from "../../core/index.ts";
import { GATES, type Gate } from "../../gates/index.ts";
import type { CommandContext } from "../context.ts";
import { drillGate } from "../drill-gate.ts";
import { showGateRecord } from "../gate-view.ts";
import { newestRelease } from "../newest-release.ts";
import { type TargetFlags, withTargetFlags } from "../open-target.ts";
import { collect } from "../parse-arguments.ts";
import { openAndPass } from "../pass-gate.ts";
import { releasesOf } from "../release-flags.ts";

interface GateFlags extends TargetFlags {
  readonly drill?: boolean;
  readonly check: readonly string[];
}

/** Evidence that belongs to no release. */
const REHEARSAL = "rehearsal";
/** Their scripts take no argument; they are about the release for which something was filed last. */
const RELEASE_LEFT_OUT: ReadonlySet<string> = new Set(["artifacts"]);
/** They have options of their own. */
const COMMANDS_OF_THEIR_OWN: ReadonlySet<string> = new Set(["blast", "rollback", "kill-switch"]);
const DRILL = "harm a lab as each check's mutant says, and print which checks see it";
const ONE_CHECK = "drill this check only; repeatable";

/** `kanit preflight <release>` and its sisters, and `kanit gate <name> [release]` for all of them. */
export function addGateCommands(program: Command, context: CommandContext): void {
  for (const gate of GATES) {
    if (COMMANDS_OF_THEIR_OWN.has(gate.name)) continue;
    withTargetFlags(
      program
        .command(gate.name)
        .description(`${counted(gate.checks.length, "check")}: ${gate.question}`)
        .argument(
          RELEASE_LEFT_OUT.has(gate.name) ? "[release]" : "<release>",
          "the name of the release: v1.4.0",
        )
        .option("--drill", DRILL)
        .option("--check <id>", ONE_CHECK, collect, []),
    ).action(async (release: string | undefined, flags: GateFlags) => {
      const { root } = releasesOf(flags, context.environment);
      await runOrDrill(gate, release ?? (await newestRelease(root)) ?? REHEARSAL, flags, context);
    });
  }
  withTargetFlags(
    program
      .command("gate")
      .description("run a gate by its name, or drill it")
      .addArgument(new Argument("<name>", "the gate").choices(GATES.map(({ name }) => name)))
      .argument("[release]", "the name of the release", REHEARSAL)
      .option("--drill", DRILL)
      .option("--check <id>", ONE_CHECK, collect, []),
  ).action((name: string, release: string, flags: GateFlags) => {
    const gate = GATES.find((each) => each.name === name);
    if (gate === undefined) throw new TypeError(`Expected a gate called ${name}.`);
    return runOrDrill(gate, release, flags, context);
  });
}

async function runOrDrill(
  gate: Gate,
  release: string,
  flags: GateFlags,
  context: CommandContext,
): Promise<void> {
  if (flags.drill === true) return drillGate(withChecks(gate, flags.check), flags, context);
  if (flags.check.length > 0) throw onlyDrilled();
  showGateRecord(await openAndPass(gate, release, flags, context), context);
}

/** The gate with some of its checks, as a drill may take them. */
function withChecks(gate: Gate, ids: readonly string[]): Gate {
  const unknown = ids.find((id) => !gate.checks.some((check) => check.id === id));
  if (unknown !== undefined) {
    throw new UsageError({
      code: "unknown-check",
      message: `Expected a check of ${gate.name} (${gate.checks.map(({ id }) => id).join(", ")}), got ${JSON.stringify(unknown)}.`,
      nextStep: "Name one of them with --check.",
    });
  }
  return ids.length === 0 ? gate : { ...gate, checks: gate.checks.filter(({ id }) => ids.includes(id)) };
}

function onlyDrilled(): UsageError {
  return new UsageError({
    code: "only-drilled",
    message: "Expected --check with --drill only, since a gate releases when all of its checks passed.",
    nextStep: "Add --drill, or leave --check out.",
  });
}
