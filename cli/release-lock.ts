import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../core/index.ts";
import { readWholeFile } from "../evidence/index.ts";
import { currentOwner, isAlive, type ProcessOwner } from "../lab/index.ts";

const LARGEST_BYTES = 4_096;

/**
 * Takes a lock in a folder of archives, which ends with the process that took it. One that a dead process left is taken
 * over; of several that do so at once, one succeeds.
 *
 * @param what What must not be done twice at once: `first-night-v1.4.0`.
 * @throws UsageError `in-use` when another process has it.
 */
export async function lockRelease(root: string, what: string): Promise<AsyncDisposable> {
  const path = join(root, `.${what}.lock`);
  const owner = JSON.stringify(await currentOwner());
  if (!(await wroteNew(path, owner))) {
    const holder = await holderOf(path);
    if (holder !== null && (await isAlive(holder))) throw inUse(what, holder.pid);
    // Only one of several can move it away.
    const aside = `${path}.${randomUUID()}`;
    await rename(path, aside).catch(ignoreMissing);
    await rm(aside, { force: true });
    if (!(await wroteNew(path, owner))) throw inUse(what, (await holderOf(path))?.pid ?? null);
  }
  return {
    [Symbol.asyncDispose]: async () => {
      const holder = await holderOf(path);
      if (holder !== null && JSON.stringify(holder) === owner) await rm(path, { force: true });
    },
  };
}

async function wroteNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Null where nobody can be read in it: it is torn, or gone. */
async function holderOf(path: string): Promise<ProcessOwner | null> {
  try {
    const { pid, startedAt } = JSON.parse((await readWholeFile(path, LARGEST_BYTES)).toString("utf8"));
    return typeof pid === "number" && typeof startedAt === "string" ? { pid, startedAt } : null;
  } catch {
    return null;
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

function inUse(what: string, pid: number | null): UsageError {
  return new UsageError({
    code: "in-use",
    message: `Expected that nobody else keeps ${what}, but process ${pid ?? "unknown"} does.`,
    nextStep: "Leave it to that process, or end it first.",
  });
}
