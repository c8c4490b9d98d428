import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";

const execute = promisify(execFile);

export const ownerSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

/** A process, distinguished from a later one with the same id by its start time. */
export type ProcessOwner = z.infer<typeof ownerSchema>;

/** Identifies this process as the owner of labs. */
export function currentOwner(): Promise<ProcessOwner> {
  return ownerOf(process.pid);
}

/** Identifies a process; one that has ended counts as not alive. */
export async function ownerOf(pid: number): Promise<ProcessOwner> {
  return { pid, startedAt: (await startTimeOf(pid)) ?? "unknown" };
}

/** Whether this exact process still runs. One that has ended but was not yet waited for does not. */
export async function isAlive(owner: ProcessOwner): Promise<boolean> {
  return (await startTimeOf(owner.pid)) === owner.startedAt;
}

function startTimeOf(pid: number): Promise<string | null> {
  return process.platform === "linux" ? startTimeFromKernel(pid) : startTimeFromPs(pid);
}

// Small images have no `ps`, and its start time can be off by a second after the machine's clock was set.
async function startTimeFromKernel(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  // The second field is the program's name in parentheses, which may itself contain any character. After it
  // come the state and, as field 22, the start in clock ticks since the machine's (man 5 proc_pid_stat).
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? null : `tick ${fields[18]}`;
}

async function startTimeFromPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await execute("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      env: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
    });
    const [state, ...start] = stdout.trim().split(/\s+/);
    return state === undefined || state === "" || state.startsWith("Z") ? null : start.join(" ");
  } catch {
    // `ps` exits with 1 when there is no such process.
    return null;
  }
}
