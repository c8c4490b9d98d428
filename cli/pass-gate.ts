import { systemClock } from "../core/index.ts";
import type { GateRecord } from "../evidence/index.ts";
import {
  ARTIFACTS,
  type Gate,
  type GateEvent,
  readCommit,
  readSeenRed,
  runGate,
  type Target,
} from "../gates/index.ts";
import { GateFiling, peoplesDecision, type ReleasesOptions, readEvidence } from "../releases/index.ts";
import { renderGateHtml } from "../reports/index.ts";
import { commandLine } from "../runs/index.ts";
import { readTrustedKeys } from "../signatures/index.ts";
import type { CommandContext } from "./context.ts";
import { showGate } from "./gate-view.ts";
import { openTargetFor, repositoryHere, type TargetFlags } from "./open-target.ts";
import { makeOutputFolder } from "./output-folder.ts";
import { type ArchiveFlags, releasesOf } from "./release-flags.ts";

/** A gate to be run and filed. */
export interface GateToPass {
  readonly gate: Gate;
  readonly target: Target;
  readonly flags: ArchiveFlags;
  /** The words of the command line that repeat it. */
  readonly command: readonly string[];
  readonly onEvent: (event: GateEvent) => void;
}

/** A gate that was run, and the folder of its evidence. */
export interface PassedGate {
  readonly record: GateRecord;
  readonly folder: string;
}

/**
 * Runs a gate and files it. What is filed is opened first, so that a folder that cannot be written to is found before
 * anything is measured.
 */
export async function passGate(
  { gate, target, flags, command: words, onEvent }: GateToPass,
  context: CommandContext,
): Promise<PassedGate> {
  const { environment, signal, noteVerdict } = context;
  const releases = { ...releasesOf(flags, environment), secrets: environment.secrets };
  makeOutputFolder(releases.root, "--archive");
  const { release } = target;
  const commit = await readCommit(target.parts.repository?.directory ?? null, signal);
  const command = commandLine([...words]);
  const subject = { release, gate: gate.name, commit: commit?.sha ?? null, target: target.name, command };
  const filing = await GateFiling.open(releases, subject);
  const record = await runGate({
    ...{ gate, commit, filing, command, signal },
    target: { ...target, parts: { ...target.parts, ...(await filedParts(target, releases)) } },
    seenRed: await readSeenRed(),
    renderPage: renderGateHtml,
    clock: systemClock,
    onEvent,
    onVerdict: noteVerdict,
  });
  return { record, folder: filing.folder };
}

/** What a target has besides what is examined on it: artifacts, what is filed of the release, what people signed. */
async function filedParts({ release, keyPaths }: Target, releases: ReleasesOptions) {
  const keys = keyPaths.length === 0 ? null : await readTrustedKeys(keyPaths);
  const { root, clock } = releases;
  return {
    artifacts: { directory: repositoryHere(), table: ARTIFACTS },
    evidence: (name: string) => readEvidence(root, release, name),
    approvals: keys === null ? null : () => peoplesDecision({ root, release, keys, clock }),
  };
}

/** Opens what the flags name, and passes a gate on it with a live view. */
export async function openAndPass(
  gate: Gate,
  release: string,
  flags: TargetFlags,
  context: CommandContext,
): Promise<PassedGate> {
  await using opened = await openTargetFor(gate, release, flags, context);
  const { target } = opened;
  const command = [gate.name, release, ...targetWords(flags)];
  // Awaited here: the target is closed when this block ends.
  return await passGate({ gate, target, flags, command, onEvent: showGate(context.output) }, context);
}

/** The words of a command line that examines the same again. */
function targetWords({ lab, releaseFile, keys }: TargetFlags): readonly string[] {
  return [
    ...(lab === undefined ? [] : ["--lab", lab]),
    ...(releaseFile === undefined ? [] : ["--release-file", releaseFile]),
    ...keys.flatMap((path) => ["--keys", path]),
  ];
}
