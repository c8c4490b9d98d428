import { type ProcessEntry, treeOf } from "./process-table.ts";

/**
 * Returns what a guard runs: the command's process first, then every process that it started. They are found
 * by their parents, since Postgres's processes have their own process groups.
 */
export function programTree(
  table: ReadonlyMap<number, ProcessEntry>,
  guardPid: number,
): readonly ProcessEntry[] {
  const guard = table.get(guardPid);
  // The guard's watcher is a fork of the guard itself.
  const programs = treeOf(table, guardPid).filter(
    ({ parentPid, commandLine }) => parentPid === guardPid && commandLine !== guard?.commandLine,
  );
  return programs.flatMap(({ pid }) => treeOf(table, pid));
}

/** Kills them, the first one first, so that it starts no others. */
export function endTree(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      // It ended by itself, or with the one before it.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}
