import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { formatDuration, type Verdict } from "../../core/index.ts";
import { GATES } from "../../gates/index.ts";
import { performRitual, type RitualStep } from "../../ritual/index.ts";
import { commandLine } from "../../runs/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../signals/index.ts";
import type { CommandContext } from "../context.ts";
import { type TargetFlags, withTargetFlags } from "../open-target.ts";
import { makeOutputFolder } from "../output-folder.ts";
import { collect, nonEmpty } from "../parse-arguments.ts";
import { openAndPass } from "../pass-gate.ts";
import { release, releasesOf } from "../release-flags.ts";
import { type SigningFlags, signersOf, withSigningFlags } from "../signing-flags.ts";

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };

interface RitualFlags extends TargetFlags, SigningFlags {
  readonly repository: string;
  readonly artifact: readonly string[];
}

/** `kanit ritual <release>`: the green button. */
export function addRitualCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("ritual")
    .description(
      "the green button: tag, SBOM, provenance, blind spots, baseline, plan, signed GO/NO-GO; then the seal",
    )
    .argument("<release>", "the release: v1.4.0", release)
    .option("--repository <folder>", "the repository under release", nonEmpty, ".")
    .option(
      "--artifact <file>",
      "what was built elsewhere (default: `npm pack` is run); repeatable",
      collect,
      [],
    );
  withSigningFlags(withTargetFlags(command))
    .addHelpText("after", "\nThe first --key is that of who deploys; a GO needs another person's as well.")
    .action((name: string, flags: RitualFlags) => ritual(name, flags, context));
}

/** Performs the ritual, and concludes with its verdict. */
export async function ritual(name: string, flags: RitualFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, noteVerdict, conclude } = context;
  const signers = await signersOf(flags, environment);
  const releases = releasesOf(flags, environment);
  makeOutputFolder(releases.root, "--archive");
  const triggers = alertsOf(await loadRuleFiles(ALL_RULE_FILES)).map((rule) => rule.name);
  const performed = await performRitual({
    ...{ release: name, releases, signers, signal, user: environment.user },
    triggers: [...new Set(triggers)],
    directory: resolve(flags.repository),
    artifacts: flags.artifact.map((path) => resolve(path)),
    command: commandLine(["ritual", name]),
    runGate: (gate) => {
      const found = GATES.find((each) => each.name === gate);
      return found === undefined
        ? null
        : openAndPass(found, name, flags, context).then(({ record }) => record.verdict);
    },
    onStep: (step) => {
      noteVerdict(step.verdict);
      output.line(stepLine(step));
    },
  });
  const { decision, folder, head, steps } = performed;
  output.line(`${decision}  ${name}  ${steps.length} files in ${relative(process.cwd(), folder)}, sealed`);
  output.line(`  Verify  kanit evidence verify ${name} --keys <keys> --head ${head}`);
  output.result({ decision, release: name, folder, head, steps });
  conclude(performed.verdict);
}

function stepLine({ name, verdict, why, tookMs }: RitualStep): string {
  return `${MARK[verdict]} ${name.padEnd(34)} ${formatDuration(tookMs).padStart(8)}  ${why}`;
}
