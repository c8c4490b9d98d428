import { hostname } from "node:os";
import { join } from "node:path";
import { systemClock, UnavailableError } from "../core/index.ts";
import {
  openRollbackMeans,
  performRollback,
  type RollbackEntry,
  RollbackJournal,
  type RollbackResult,
  readCommit,
  type Target,
} from "../gates/index.ts";
import { currentOwner, isAlive } from "../lab/index.ts";
import { GateFiling } from "../releases/index.ts";
import { commandLine } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";
import { makeOutputFolder } from "./output-folder.ts";
import { type ArchiveFlags, releasesOf } from "./release-flags.ts";

/** Where the journals of rollbacks are, beside the archives of the releases. */
const JOURNALS = ".rollbacks";

/** A rollback to be carried out. */
export interface RollbackToDo {
  readonly target: Target;
  readonly flags: ArchiveFlags;
  readonly reason: string;
  /** In percent. */
  readonly stage: string;
  /** When it was asked for. */
  readonly atMs: number;
  /** Whether all steps are taken although the last rollback is still in effect. */
  readonly isAgain: boolean;
  readonly onEntry: (entry: RollbackEntry) => void;
}

/**
 * Rolls a canary back and files what was done.
 *
 * @throws RefusedError `rollback-held` while another process does so.
 * @throws UnavailableError `no-canary-to-roll-back`, or when nothing can be written.
 */
export async function rollBack(todo: RollbackToDo, context: CommandContext): Promise<RollbackResult> {
  const { target, flags, reason, stage, atMs, isAgain, onEntry } = todo;
  const { environment, signal, noteVerdict } = context;
  const { release, name, allowedHosts } = target;
  const { canary, repository } = target.parts;
  if (canary === null) throw noCanary(name);
  const releases = { ...releasesOf(flags, environment), secrets: environment.secrets };
  makeOutputFolder(releases.root, "--archive");
  await using opened = await openRollbackMeans(canary, {
    ...{ release, target: name, allowedHosts, clock: systemClock },
  });
  const journal = await RollbackJournal.claim({
    folder: join(releases.root, JOURNALS, release),
    holder: { ...(await currentOwner()), host: hostname(), user: environment.user },
    isAlive,
    clock: systemClock,
  });
  const command = commandLine(["rollback", release, "--reason", reason, "--stage", stage]);
  return await performRollback({
    ...{ release, means: opened.means, journal, isAgain, clock: systemClock, signal, onEntry },
    request: {
      reason: environment.secrets.filter(reason),
      stage,
      actor: environment.user,
      target: name,
      atMs,
    },
    onVerdict: noteVerdict,
    openFiling: async () => {
      const commit = await readCommit(repository?.directory ?? null, signal);
      const subject = { release, gate: "rollback", commit: commit?.sha ?? null, target: name, command };
      return GateFiling.open(releases, subject);
    },
  });
}

function noCanary(name: string): UnavailableError {
  return new UnavailableError({
    code: "no-canary-to-roll-back",
    message: `Expected a canary to roll back, but ${name} has no candidate beside its platform.`,
    nextStep: "Name the lab with one (kanit up --canary, --lab), or the section canary of the release file.",
  });
}
