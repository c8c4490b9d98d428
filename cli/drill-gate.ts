import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { formatDuration, mergeVerdicts, systemClock } from "../core/index.ts";
import {
  ARTIFACTS,
  type Commit,
  type DrillRow,
  type Gate,
  readArtifacts,
  readCommit,
  readProvedGates,
  recordSeenRed,
  rehearseBuild,
  runDrill,
  soundEvidence,
  type Target,
} from "../gates/index.ts";
import { INSTALLATION } from "../installation/index.ts";
import type { Lab } from "../lab/index.ts";
import { toOneLine } from "../reports/index.ts";
import { sameCandidate } from "./canary-flags.ts";
import type { CommandContext } from "./context.ts";
import { needsCanary, openLab, repositoryHere, startGateLab, type TargetFlags } from "./open-target.ts";
import { readPlatform } from "./platform-flag.ts";

const execute = promisify(execFile);
const ID_WIDTH = 28;
const VERDICT_WIDTH = 13;

/** Drills a gate: prints the matrix of its checks on the sound lab and on the harmed one. */
export async function drillGate(gate: Gate, flags: TargetFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, conclude } = context;
  const beganMs = systemClock.monotonicMs();
  const directory = await mkdtemp(join(environment.temporaryDirectory, "kanit-gate-drill-"));
  try {
    // What is not committed yet would fail the sound lab.
    const repository = await cloneHere(join(directory, "sound"), signal);
    output.status("starting a lab for the drill …");
    await using lab = await startGateLab(
      flags,
      context,
      needsCanary(gate.checks) ? sameCandidate(await readPlatform(flags.platform, environment)) : null,
    );
    await using opened = await openLab("drill", keptLab(lab), flags, context, repository);
    output.line(
      `${"check".padEnd(ID_WIDTH)} ${"sound".padEnd(VERDICT_WIDTH)} ${"mutant".padEnd(VERDICT_WIDTH)} what the mutant did`,
    );
    const commit = await readCommit(repository, signal);
    const target = await withSoundParts(gate, opened.target, { repository, directory, commit, signal });
    const rows = await runDrill({
      checks: gate.checks,
      ground: { lab, directory, clock: systemClock, signal },
      readTarget: () => target,
      commit,
      clock: systemClock,
      onRow: (row) => {
        for (const line of rowLines(row)) output.line(line);
      },
    });
    const proved = rows.filter(({ verdict }) => verdict === "pass");
    const took = formatDuration(systemClock.monotonicMs() - beganMs);
    output.line(
      `${proved.length} of ${rows.length} checks pass on the sound lab and fail under their mutant, in ${took}`,
    );
    output.result({ gate: gate.name, rows: rows.map(resultOf) });
    if (INSTALLATION.kind === "checkout") await recordSeenRed(proved.map(({ check }) => check));
    conclude(mergeVerdicts(rows.map(({ verdict }) => verdict)));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Where a drill finds and leaves its files. */
interface DrillPlace {
  /** The clone of what is drilled. */
  readonly repository: string;
  readonly directory: string;
  readonly commit: Commit | null;
  readonly signal: AbortSignal;
}

/**
 * The parts that a lab has not by itself, as they are when all is well: the artifacts that are here already, evidence
 * of gates that passed, and signatures of two people.
 */
async function withSoundParts({ checks }: Gate, target: Target, drill: DrillPlace): Promise<Target> {
  const { repository, directory, commit, signal } = drill;
  const found = await readArtifacts(repository, ARTIFACTS, await readProvedGates());
  const table = found.filter(({ problems }) => problems.length === 0).map(({ artifact }) => artifact);
  const needsBuild = checks.some(({ needs }) => needs.includes("evidence") && needs.includes("repository"));
  const build = needsBuild ? await rehearseBuild(repository, directory, { clock: systemClock, signal }) : {};
  const parts: Partial<Target["parts"]> = {
    artifacts: { directory: repository, table },
    evidence: soundEvidence(target, commit, systemClock, build),
    approvals: () => Promise.resolve({ isGo: true, why: "signed by mara and deniz" }),
  };
  return { ...target, parts: { ...target.parts, ...parts } };
}

/** The lab is stopped by whoever started it. */
function keptLab({ id, addresses, canary }: Pick<Lab, "id" | "addresses" | "canary">) {
  return { id, addresses, canary, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function cloneHere(folder: string, signal: AbortSignal): Promise<string> {
  await execute("git", ["clone", "--quiet", "--shared", repositoryHere(), folder], { signal });
  return folder;
}

function rowLines(row: DrillRow): readonly string[] {
  const { check, sound, mutant, effect, soundReasons, mutantReasons } = row;
  const words = [
    check.id.padEnd(ID_WIDTH),
    sound.padEnd(VERDICT_WIDTH),
    (mutant ?? "none").padEnd(VERDICT_WIDTH),
  ];
  return [
    `${words.join(" ")} ${check.mutant.what}`,
    ...soundReasons.map((reason) => `    sound: ${toOneLine(reason)}`),
    `    ${toOneLine(effect)}`,
    ...mutantReasons.slice(0, 2).map((reason) => `    → ${toOneLine(reason)}`),
  ];
}

function resultOf({ check, sound, mutant, effect, mutantReasons, verdict, tookMs }: DrillRow) {
  return { check: check.id, what: check.mutant.what, sound, mutant, effect, mutantReasons, verdict, tookMs };
}
