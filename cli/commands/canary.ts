import { existsSync } from "node:fs";
import { relative } from "node:path";
import type { Command } from "commander";
import { KanitError, systemClock } from "../../core/index.ts";
import {
  CANARY_STAGES,
  type CanaryPlan,
  openArms,
  planLines,
  type RollBack,
  readCanaryPlan,
  readCommit,
  rehearsedPlan,
  runCanary,
  startLivePage,
  USUAL_PLAN,
} from "../../gates/index.ts";
import { GateFiling } from "../../releases/index.ts";
import { renderCanaryHtml } from "../../reports/index.ts";
import { commandLine } from "../../runs/index.ts";
import { withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import { checkInputFile } from "../input-file.ts";
import { type OpenedCanary, openCanary, type WhereFlags } from "../open-canary.ts";
import { repositoryHere } from "../open-target.ts";
import { makeOutputFolder } from "../output-folder.ts";
import { runOwnCommand } from "../own-command.ts";
import { GREATEST_TIME_SCALE, nonEmpty, port, positiveNumber } from "../parse-arguments.ts";
import { withPlatformFlag } from "../platform-flag.ts";
import { type ArchiveFlags, release, releasesOf, withArchiveFlag } from "../release-flags.ts";
import { rollBack } from "../roll-back.ts";

const USUAL_FILE = "canary.yml";
const GREATEST_LOAD_RPS = 10_000;

interface CanaryCommandFlags extends WhereFlags, ArchiveFlags {
  readonly canaryFile?: string;
  readonly timeScale: number;
  readonly plan?: true;
  readonly auto?: true;
  readonly snapshots?: true;
  readonly port?: number;
}

/** `kanit canary [release]`: from 1 % to 100 %, judged at each look. */
export function addCanaryCommand(program: Command, context: CommandContext): void {
  withArchiveFlag(withPlatformFlag(withLabChoice(program.command("canary"))))
    .description("lead the traffic to a candidate stage by stage, and judge it against the stable")
    .argument("[release]", "the name of the release", release, "rehearsal")
    .option("--canary-file <file>", `its plan (default: ${USUAL_FILE} where there is one)`, nonEmpty)
    .option("--plan", "print the stages and the samples that each of them needs, and change nothing")
    .option(
      "--auto",
      "roll back by itself (default: prints what to type, and counts who is exposed until then)",
    )
    .option(
      "--time-scale <n>",
      "seconds of production in one second of a rehearsal",
      positiveNumber(GREATEST_TIME_SCALE),
      1,
    )
    .option(
      "--release-file <file>",
      "the canary of a release (default: release.yml where there is one, else a lab of this machine)",
      nonEmpty,
    )
    .option(
      "--candidate <what>",
      "in a lab that is started for it: defects planted in the candidate, or its platform.yml",
      nonEmpty,
    )
    .option(
      "--load <rps>",
      "operations per second of the order flow meanwhile (default: 100 in a lab that is started for it, else none)",
      positiveNumber(GREATEST_LOAD_RPS),
    )
    .option("--snapshots", "take the snapshot of each stage at its end, before the share changes")
    .option("--port <n>", "of the live page (default: any free one)", port)
    .action((release: string, flags: CanaryCommandFlags) => canary(release, flags, context));
}

async function canary(release: string, flags: CanaryCommandFlags, context: CommandContext): Promise<void> {
  const plan = rehearsedPlan(await planOf(flags), flags.timeScale);
  if (flags.plan !== true) return carryOut(release, plan, flags, context);
  for (const line of planLines(plan, flags.timeScale)) context.output.line(line);
  context.output.result({ plan, timeScale: flags.timeScale });
}

async function planOf({ canaryFile }: CanaryCommandFlags): Promise<CanaryPlan> {
  const file = canaryFile ?? (existsSync(USUAL_FILE) ? USUAL_FILE : undefined);
  if (file === undefined) return USUAL_PLAN;
  checkInputFile(file, "canary");
  return readCanaryPlan(file);
}

async function carryOut(
  release: string,
  plan: CanaryPlan,
  flags: CanaryCommandFlags,
  context: CommandContext,
): Promise<void> {
  const { environment, output, signal, noteVerdict, conclude } = context;
  const releases = { ...releasesOf(flags, environment), secrets: environment.secrets };
  makeOutputFolder(releases.root, "--archive");
  await using opened = await openCanary(flags, context);
  const command = repeatCommand(release, flags);
  const commit = await readCommit(repositoryHere(), signal);
  const subject = { release, gate: "canary", commit: commit?.sha ?? null, target: opened.name, command };
  const filing = await GateFiling.open(releases, subject);
  const { timeScale } = flags;
  await using arms = await openArms({ ...opened, plan, timeScale, clock: systemClock });
  await using page = await startLivePage({ render: renderCanaryHtml, port: flags.port ?? 0 });
  output.line(`${release} on ${opened.name}; live page ${page.url}`);
  const record = await runCanary({
    ...{ release, target: opened.name, command, plan, timeScale, filing, signal },
    ...{ arms: arms.arms, triggers: arms.triggers, clock: systemClock },
    traffic: opened.traffic,
    rollBack: flags.auto === true ? automaticRollback(opened, release, flags, context) : null,
    onStagePassed: (stage) => snapshotStage(stage, { release, root: releases.root, opened, flags }, context),
    renderPage: renderCanaryHtml,
    onRecord: (each) => {
      page.show(each);
      if (each.endedAt !== null) noteVerdict(each.verdict);
    },
    onLine: (line) => output.line(line),
    onStatus: (line) => output.status(line),
  });
  const folder = relative(process.cwd(), filing.folder);
  for (const problem of record.problems) output.line(`? ${problem}`);
  output.line(`${record.verdict.toUpperCase()}  ${record.lead}`);
  output.line(`  ${record.exposedRequests} requests were answered by the candidate; evidence in ${folder}`);
  const { verdict, lead, exposedRequests, decisions, problems } = record;
  output.result({
    release,
    target: opened.name,
    verdict,
    lead,
    exposedRequests,
    decisions,
    problems,
    folder,
  });
  conclude(record.verdict);
}

interface SnapshotOf {
  readonly release: string;
  /** The folder of archives. */
  readonly root: string;
  readonly opened: OpenedCanary;
  readonly flags: CanaryCommandFlags;
}

/** Takes the snapshot of a stage, in a process of its own. It only looks: its verdict does not end the canary. */
async function snapshotStage(
  name: string,
  { release, root, opened, flags }: SnapshotOf,
  { environment, output, signal }: CommandContext,
): Promise<void> {
  const stage = CANARY_STAGES.find((each) => each === name);
  if (flags.snapshots !== true || stage === undefined) return;
  const words = ["snapshot", stage, release, "--archive", root, ...opened.targetWords];
  const { exitCode, said } = await runOwnCommand({
    ...{ words, signal, variables: environment.commandVariables(false) },
    onLine: (line) => output.status(`snapshot: ${line}`),
  });
  const first = said.find((line) => /^(?:pass|fail|inconclusive) {2}/.test(line)) ?? said.at(-1) ?? "";
  output.line(`${stage.padStart(3)} %  snapshot: ${first.trim() === "" ? `exit code ${exitCode}` : first}`);
}

/** Rolls back as `kanit rollback` does. One that cannot be carried out is told, and never taken for a rollback. */
function automaticRollback(
  opened: OpenedCanary,
  release: string,
  flags: ArchiveFlags,
  context: CommandContext,
): RollBack {
  return async ({ reason, stage, atMs }) => {
    try {
      await using on = await opened.openTarget(release);
      const todo = { target: on.target, flags, reason, stage, atMs, isAgain: true, onEntry: () => undefined };
      const { state, verdict } = await rollBack(todo, context);
      const wellAtMs = state.ending?.wellAtMs ?? null;
      if (verdict === "pass" && wellAtMs !== null) {
        return { kind: "recovered", startedAtMs: atMs, recoveredAtMs: wellAtMs };
      }
      const why = state.ending?.reasons.join("; ") ?? "it did not end";
      return { kind: "not-recovered", startedAtMs: atMs, why };
    } catch (error) {
      if (!(error instanceof KanitError)) throw error;
      return { kind: "not-recovered", startedAtMs: atMs, why: `${error.message} ${error.nextStep}` };
    }
  };
}

function repeatCommand(release: string, flags: CanaryCommandFlags): string {
  const { timeScale, canaryFile, releaseFile, candidate, load, auto, snapshots } = flags;
  return commandLine([
    ...["canary", release],
    ...(auto === true ? ["--auto"] : []),
    ...(snapshots === true ? ["--snapshots"] : []),
    ...(canaryFile === undefined ? [] : ["--canary-file", canaryFile]),
    ...(releaseFile === undefined ? [] : ["--release-file", releaseFile]),
    ...(timeScale === 1 ? [] : ["--time-scale", String(timeScale)]),
    ...(candidate === undefined ? [] : ["--candidate", candidate]),
    ...(load === undefined ? [] : ["--load", String(load)]),
  ]);
}
