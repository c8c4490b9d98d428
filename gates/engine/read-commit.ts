import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Commit } from "./target.ts";

const execute = promisify(execFile);
const DEADLINE_MS = 10_000;

/** Asks git about a repository. A folder that merely lies in somebody's repository is none. */
export async function git(directory: string, words: readonly string[], signal: AbortSignal): Promise<string> {
  const here = [`--git-dir=${join(directory, ".git")}`, `--work-tree=${directory}`];
  const { stdout } = await execute("git", [...here, ...words], { signal, timeout: DEADLINE_MS });
  return stdout.trim();
}

/** The commit that a repository has checked out; null where there is none, or no git. */
export async function readCommit(directory: string | null, signal: AbortSignal): Promise<Commit | null> {
  if (directory === null) return null;
  try {
    const text = await git(directory, ["log", "-1", "--format=%H %ct"], signal);
    const [sha = "", seconds = ""] = text.split(" ");
    return { sha, committedAtMs: Number(seconds) * 1_000 };
  } catch (error) {
    signal.throwIfAborted();
    // No repository, no commit or no git: checks that need it say so.
    return error instanceof Error ? null : Promise.reject(error);
  }
}
