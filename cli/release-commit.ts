import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The commit that is checked out in the current folder; null where there is no repository. */
export async function commitHere(): Promise<string | null> {
  try {
    const { stdout } = await execute("git", ["rev-parse", "--verify", "HEAD"]);
    return stdout.trim();
  } catch {
    // No repository, no commit yet, or no git: the archive then says that it is not known.
    return null;
  }
}
