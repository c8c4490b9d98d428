import { readFile } from "node:fs/promises";

/** Linux counts CPU time in hundredths of a second, whatever its own tick is (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;
const BYTES_PER_KB = 1_024;

/** The CPU seconds that a process has used so far, of all its threads, in user and in kernel mode. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The program's name, in parentheses, may contain blanks: fields are counted after it, from the third.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** A process's memory, in megabytes (10^6 bytes). */
export interface ResidentMemory {
  /** All of it. */
  readonly totalMb: number;
  /** Without the pages of its program file, which all processes of the same program share. */
  readonly ownMb: number;
}

export async function residentMemory(pid: number): Promise<ResidentMemory> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return { totalMb: megabytes(status, "VmRSS"), ownMb: megabytes(status, "RssAnon") };
}

function megabytes(status: string, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`expected ${field} in a process's status, got none`);
  return (Number(kilobytes) * BYTES_PER_KB) / 1e6;
}
