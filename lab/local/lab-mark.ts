import { createHash } from "node:crypto";
import { readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * How the processes of a lab are found, even when they left their group and their parents ended: by a
 * variable in their initial environment, which Linux exposes.
 */
const VARIABLE = "KANIT_LAB";
const POLL_MS = 20;
const LOOKS = 100;

/** The mark of the processes of the lab in this folder. */
export function labMark(labDirectory: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: labDirectory };
}

/**
 * Kills every process that has the mark of the lab in this folder. The guards have done so already unless
 * they were killed too. Finds nothing where there is no /proc.
 */
export async function endMarked(labDirectory: string): Promise<void> {
  await endControlGroup(labDirectory);
  // A process that was forked just as its parent was killed is found by the next pass.
  for (let look = 0; look < LOOKS; look++) {
    const pids = await markedProcesses(labDirectory);
    if (pids.length === 0) return;
    for (const pid of pids) endProcess(pid);
    await delay(POLL_MS);
  }
}

async function markedProcesses(labDirectory: string): Promise<readonly number[]> {
  const names = await readdir("/proc").catch((): string[] => []);
  const wanted = `${VARIABLE}=${labDirectory}`;
  const pids: number[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name) || name === String(process.pid)) continue;
    // Another user's process, or one that has ended.
    const environment = await readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
    if (environment.split("\0").includes(wanted)) pids.push(Number(name));
  }
  return pids;
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself, or belongs to another user and cannot be killed.
    if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM"))) {
      throw error;
    }
  }
}

/**
 * The control group for the processes of the lab in this folder, or null when this user cannot create one. A
 * process cannot leave it unless it may write to another one.
 */
export async function controlGroupOf(labDirectory: string): Promise<string | null> {
  const [mounts, membership] = await Promise.all([
    readFile("/proc/self/mountinfo", "utf8").catch(() => ""),
    readFile("/proc/self/cgroup", "utf8").catch(() => ""),
  ]);
  // Field 4 is the mounted part of the hierarchy, field 5 where it is mounted (man 5 proc_pid_mountinfo).
  const mount = /^\d+ \d+ \S+ \/ (\S+) .* - cgroup2 /m.exec(mounts)?.[1];
  const own = /^0::(\/.*)$/m.exec(membership)?.[1];
  if (mount === undefined || own === undefined) return null;
  const name = createHash("sha256").update(labDirectory).digest("hex").slice(0, 16);
  return join(mount, own, `kanit-${name}`);
}

async function endControlGroup(labDirectory: string): Promise<void> {
  const group = await controlGroupOf(labDirectory);
  if (group === null) return;
  const processes = await readdir(group, { withFileTypes: true }).catch(() => []);
  if (processes.length === 0) return;
  await writeFile(join(group, "cgroup.kill"), "1");
  const inner = processes.filter((entry) => entry.isDirectory()).map(({ name }) => join(group, name));
  for (const path of [...inner, group]) await removeGroup(path);
}

/** Removes a control group as soon as the last process in it has ended. */
async function removeGroup(path: string): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const failure = await rmdir(path).then(
      () => null,
      (error: NodeJS.ErrnoException) => error.code ?? "unknown",
    );
    if (failure !== "EBUSY") return;
    await delay(POLL_MS);
  }
}
