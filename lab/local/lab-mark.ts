import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * How the processes of a lab are found, even when they left their group and their parents ended: by a
 * variable in their initial environment, which Linux exposes.
 */
const VARIABLE = "KANIT_LAB";

/** The mark of the processes of the lab in this folder. */
export function labMark(labDirectory: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: labDirectory };
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
