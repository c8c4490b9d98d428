import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;
/**
 * Linux reports times in hundredths of a second to every program, whatever its own clock rate is (USER_HZ).
 */
const MS_PER_TICK = 10;

/** A process in the machine's process table. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  /** The leader of its session; null where that is not available (macOS). */
  readonly sessionId: number | null;
  /** The CPU time of the process; on Linux including its ended children. */
  readonly cpuMs: number;
  /** Whether a signal has stopped it (SIGSTOP); false where that is not available (macOS). */
  readonly isStopped: boolean;
  readonly commandLine: string;
}

/** Every process of the machine that this user may see, by its id. */
export async function readProcessTable(): Promise<ReadonlyMap<number, ProcessEntry>> {
  const entries = process.platform === "linux" ? await readFromKernel() : await readFromPs();
  return new Map(entries.map((entry) => [entry.pid, entry]));
}

/** One process of the machine, or null when this user can see none with this id. */
export async function readProcess(pid: number): Promise<ProcessEntry | null> {
  if (process.platform === "linux") return readEntry(String(pid));
  return (await readProcessTable()).get(pid) ?? null;
}

/** A process, first, and its descendants. */
export function treeOf(table: ReadonlyMap<number, ProcessEntry>, rootPid: number): readonly ProcessEntry[] {
  const root = table.get(rootPid);
  if (root === undefined) return [];
  const children = [...table.values()].filter(({ parentPid }) => parentPid === rootPid);
  return [root, ...children.flatMap(({ pid }) => treeOf(table, pid))];
}

// Small images have no `ps`.
async function readFromKernel(): Promise<readonly ProcessEntry[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(names.map(readEntry));
  return entries.filter((entry) => entry !== null);
}

async function readEntry(pid: string): Promise<ProcessEntry | null> {
  try {
    const [stat, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    return parseStat(Number(pid), stat, commandLine);
  } catch {
    // It ended after the folder was listed and before its file was read.
    return null;
  }
}

/** Parses a line of `/proc/<pid>/stat` (man 5 proc_pid_stat). */
export function parseStat(pid: number, stat: string, commandLine: string): ProcessEntry {
  // The second field is the program's name in parentheses, which may itself contain any character.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // utime, stime, cutime and cstime: fields 14 to 17 of the line, of which two are removed.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const cpuMs = ticks * MS_PER_TICK;
  const isStopped = fields[0] === "T";
  return { pid, parentPid: Number(fields[1]), sessionId: Number(fields[3]), cpuMs, isStopped, commandLine };
}

async function readFromPs(): Promise<readonly ProcessEntry[]> {
  const { stdout } = await execute("ps", ["-axww", "-o", "pid=,ppid=,time=,command="], {
    maxBuffer: OUTPUT_LIMIT_BYTES,
    env: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
  });
  return parsePs(stdout);
}

/** Parses the output of `ps -o pid=,ppid=,time=,command=`. */
export function parsePs(output: string): readonly ProcessEntry[] {
  const lines = [...output.matchAll(/^ *(\d+) +(\d+) +(?:(\d+)-)?([\d:.]+) +(.*)$/gm)];
  return lines.map(([, pid, parentPid, days, time = "", commandLine = ""]) => {
    const seconds = time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
    const cpuMs = Math.round((Number(days ?? 0) * 86_400 + seconds) * 1_000);
    const ids = { pid: Number(pid), parentPid: Number(parentPid), sessionId: null };
    return { ...ids, cpuMs, isStopped: false, commandLine };
  });
}
