import { relative, resolve } from "node:path";
import { Argument, type Command } from "commander";
import { mergeVerdicts, systemClock } from "../../core/index.ts";
import type { GateRecord } from "../../evidence/index.ts";
import { decisionOf, GATES, type Gate, readCommit, readSeenRed, runGate } from "../../gates/index.ts";
import { GateFiling } from "../../releases/index.ts";
import { renderGateHtml } from "../../reports/index.ts";
import { commandLine } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { drillGate } from "../drill-gate.ts";
import { showGate, showGateEnd } from "../gate-view.ts";
import { openTarget, type TargetFlags, withTargetFlags } from "../open-target.ts";
import { makeOutputFolder } from "../output-folder.ts";

interface GateFlags extends TargetFlags {
  readonly drill?: boolean;
}

const DRILL = "harm a lab as each check's mutant says, and print which checks see it";

/** `kanit preflight <release>` and its sisters, and `kanit gate <name> [release]` for all of them. */
export function addGateCommands(program: Command, context: CommandContext): void {
  for (const gate of GATES) {
    withTargetFlags(
      program
        .command(gate.name)
        .description(`${gate.checks.length} checks: ${gate.question}`)
        .argument("<release>", "the name of the release: v1.4.0")
        .option("--drill", DRILL),
    ).action((release: string, flags: GateFlags) => runOrDrill(gate, release, flags, context));
  }
  withTargetFlags(
    program
      .command("gate")
      .description("run a gate by its name, or drill it")
      .addArgument(new Argument("<name>", "the gate").choices(GATES.map(({ name }) => name)))
      .argument("[release]", "the name of the release", "rehearsal")
      .option("--drill", DRILL),
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
  if (flags.drill === true) return drillGate(gate, flags, context);
  const { output, conclude } = context;
  const { record, folder } = await passGate(gate, release, flags, context);
  const path = relative(process.cwd(), folder);
  showGateEnd(output, record, path);
  output.result({
    gate: gate.name,
    release,
    target: record.target,
    commit: record.commit,
    decision: decisionOf(record),
    checks: record.checks,
    problems: record.problems,
    folder: path,
  });
  conclude(record.verdict);
}

/** Runs a gate and files it. */
export async function passGate(
  gate: Gate,
  release: string,
  flags: TargetFlags,
  context: CommandContext,
): Promise<{ readonly record: GateRecord; readonly folder: string }> {
  const { environment, output, signal, noteVerdict } = context;
  const root = makeOutputFolder(resolve(flags.archive ?? environment.archiveDirectory), "--archive");
  await using opened = await openTarget(release, flags, context);
  const { target } = opened;
  const commit = await readCommit(target.parts.repository?.directory ?? null, signal);
  const command = commandLine([gate.name, release]);
  const releases = { root, clock: systemClock, secrets: environment.secrets };
  const filing = await GateFiling.open(releases, {
    release,
    gate: gate.name,
    commit: commit?.sha ?? null,
    target: target.name,
    command,
  });
  const record = await runGate({
    gate,
    target,
    commit,
    seenRed: await readSeenRed(),
    filing,
    renderPage: renderGateHtml,
    command,
    clock: systemClock,
    signal,
    onEvent: showGate(output),
    onVerdict: (verdict) => noteVerdict(mergeVerdicts([verdict])),
  });
  return { record, folder: filing.folder };
}
