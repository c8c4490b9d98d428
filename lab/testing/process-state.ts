import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The first letter of a process's state in `ps`: `T` for a paused one; null for one that is gone. */
export async function processState(pid: number): Promise<string | null> {
  const { stdout } = await execute("ps", ["-o", "stat=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.trim()[0] ?? null;
}
