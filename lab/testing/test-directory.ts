import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { KanitError } from "../../core/index.ts";

const execute = promisify(execFile);

/**
 * A folder for a test in place of the machine's folder for temporary files, so that its labs are
 * separate from all others.
 */
export async function makeTestDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "kanit-lab-test-"));
  // Root's Postgres runs as another user, who needs access.
  await chmod(directory, 0o755);
  return directory;
}

export async function removeTestDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** The processes of labs in this folder, found by the folder in their arguments or environment; shortened. */
export async function processesIn(directory: string): Promise<readonly string[]> {
  return (await wholeLines(directory)).map((line) => line.slice(0, 160));
}

/** The id of the one process of labs in this folder with all these texts in its arguments or environment. */
export async function processIdIn(directory: string, ...texts: readonly string[]): Promise<number> {
  const lines = await wholeLines(directory);
  const found = lines.filter(
    (line) => texts.every((text) => line.includes(text)) && !line.includes("guard.sh"),
  );
  if (found.length !== 1)
    throw new Error(`Expected one process with ${texts.join(", ")}, got ${found.length}.`);
  return Number.parseInt(found[0] ?? "", 10);
}

async function wholeLines(directory: string): Promise<readonly string[]> {
  const { stdout } = await execute("ps", ["axeww", "-o", "pid=,command="], { maxBuffer: 64 * 1024 * 1024 });
  const lines = stdout.split("\n").map((line) => line.trim());
  return lines.filter((line) => line.includes(directory) && !line.startsWith(`${process.pid} `));
}

/** The KanitError with which an action fails; a test fails when there is none. */
export async function failureOf(action: () => Promise<unknown>): Promise<KanitError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof KanitError) return error;
    throw error;
  }
  throw new Error("Expected a KanitError, but the action succeeded.");
}
