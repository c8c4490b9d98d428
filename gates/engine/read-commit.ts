import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Commit } from "./target.ts";

const execute = promisify(execFile);
const DEADLINE_MS = 10_000;
/** A large lock file has some megabytes. */
const MOST_BYTES = 64 * 1_024 * 1_024;

/** Asks git about a repository. A folder that merely lies in somebody's repository is none. */
export async function git(directory: string, words: readonly string[], signal: AbortSignal): Promise<string> {
  return (await rawGit(directory, words, signal)).trim();
}

/** What a file of the checked-out commit says, byte for byte: its working copy may be another one. */
export function readFileAtHead(directory: string, path: string, signal: AbortSignal): Promise<string> {
  return rawGit(directory, ["show", `HEAD:${path}`], signal);
}

async function rawGit(directory: string, words: readonly string[], signal: AbortSignal): Promise<string> {
  const here = [`--git-dir=${join(directory, ".git")}`, `--work-tree=${directory}`];
  const options = { signal, timeout: DEADLINE_MS, maxBuffer: MOST_BYTES };
  const { stdout } = await execute("git", [...here, ...words], options);
  return stdout;
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
