import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { KanitError, mergeVerdicts, systemClock } from "../core/index.ts";
import type { FiledRecord } from "../evidence/index.ts";
import { checkRelease, fileRun, type ReleasesOptions } from "../releases/index.ts";
import type { FiledRun } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";
import type { Environment } from "./environment.ts";
import { nonEmpty } from "./parse-arguments.ts";
import { commitHere } from "./release-commit.ts";

/** The flag that names the folder of archives. */
export interface ArchiveFlags {
  readonly archive?: string;
}

/** The flags of a command whose evidence belongs to a release. */
export interface ReleaseFlags extends ArchiveFlags {
  readonly release?: string;
}

/** Adds the flag that names the folder of archives. */
export function withArchiveFlag(command: Command): Command {
  return command.option(
    "--archive <folder>",
    "the folder of archives (default: $KANIT_ARCHIVE, else out)",
    nonEmpty,
  );
}

/** Adds the flags that file a command's evidence for a release as well. */
export function withReleaseFlags(command: Command): Command {
  return withArchiveFlag(command).option(
    "--release <name>",
    "file it in the archive of this release too",
    release,
  );
}

/** Parses the name of a release. */
export function release(text: string): string {
  try {
    return checkRelease(text);
  } catch (error) {
    if (error instanceof KanitError) throw new InvalidArgumentError(`${error.message} ${error.nextStep}`);
    throw error;
  }
}

/** Where archives are, and what they need. */
export function releasesOf({ archive }: ArchiveFlags, environment: Environment): ReleasesOptions {
  return {
    root: resolve(archive ?? environment.archiveDirectory),
    clock: systemClock,
    secrets: environment.secrets,
  };
}

/** Files a finished run for the release that the flags name. Where that fails, the run does not pass. */
export async function fileForFlags(
  flags: ReleaseFlags,
  kind: string,
  { folder, record, verdict }: FiledRun<FiledRecord>,
  { environment, output, conclude }: CommandContext,
): Promise<void> {
  if (flags.release === undefined) return;
  try {
    const made = await fileRun(releasesOf(flags, environment), flags.release, {
      ...{ folder, kind, command: record.command },
      commit: await commitHere(),
      target: `${record.platform} in a lab`,
      atMs: Date.parse(record.endedAt),
    });
    output.line(`Filed for ${flags.release} in ${made.folder}`);
    output.result({ archive: made.folder });
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
    output.line(`warning: not filed for ${flags.release}: ${error.message} ${error.nextStep}`);
    conclude(mergeVerdicts([verdict, "inconclusive"]));
  }
}
