import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { INSTALLATION, type Installation } from "./installation.ts";

const execute = promisify(execFile);

/** Which kanit this is. */
export interface Release {
  readonly version: string;
  /** As `git describe` names it, with `-dirty` when files were changed; `unknown` without git. */
  readonly commit: string;
}

const manifest = z.object({ version: z.string(), commit: z.string().optional() });

/** Reads the release of an installation. A package has the commit that it was made of in its manifest. */
export async function readRelease({ directory }: Installation = INSTALLATION): Promise<Release> {
  const text = await readFile(join(directory, "package.json"), "utf8");
  const { version, commit } = manifest.parse(JSON.parse(text));
  return { version, commit: commit ?? (await commitOf(directory)) };
}

async function commitOf(directory: string): Promise<string> {
  try {
    // A copy without history that lies in somebody's repository must not be given that one's commit.
    const here = [`--git-dir=${join(directory, ".git")}`, `--work-tree=${directory}`];
    const { stdout } = await execute("git", [...here, "describe", "--always", "--dirty", "--abbrev=12"]);
    return stdout.trim();
  } catch {
    // Unpacked from an archive, or no git here: the record says that it is not known.
    return "unknown";
  }
}
