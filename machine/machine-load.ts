import { readdir, readFile } from "node:fs/promises";

/**
 * CPU time since some moment, in the kernel's ticks: of the whole machine, and of one
 * process and its descendants.
 */
export interface CpuTicks {
  /** The time of all CPUs together. */
  readonly capacity: number;
  readonly idle: number;
  readonly ours: number;
}

/** Whether other programs used the CPU that an experiment needed. */
export type MachineLoad =
  | {
      readonly kind: "measured";
      /** The share of the time in which the machine was fully loaded and others used a large part of it. */
      readonly contendedShare: number;
      /** The share of the time in which it was fully loaded, by any program. */
      readonly fullShare: number;
      /** The share of all CPU time that others used. */
      readonly foreignShare: number;
      /** The number of intervals behind these sums. */
      readonly spans: number;
    }
  /** Not available on this system, or for processes that are not the runner's own. */
  | { readonly kind: "unknown" };

/** A machine with a smaller idle share is fully loaded. */
const FULL_BELOW_IDLE = 0.1;
/** A smaller share for others is the ordinary noise of a machine. */
const FOREIGN_FROM = 0.15;

/** Above this share of contended time, measured times say more about the machine than about the platform. */
export const CONTENDED_FROM = 0.1;

/** Whether others filled the machine so long that what is late may be late because of them. */
export function isContended(load: MachineLoad): boolean {
  return load.kind === "measured" && load.contendedShare >= CONTENDED_FROM;
}

/** Like `isContended`, where it is not known whose programs fill it. */
export function isFull(load: MachineLoad): boolean {
  return load.kind === "measured" && load.fullShare >= CONTENDED_FROM;
}

/** The load between consecutive samples. */
export function machineLoadOf(samples: readonly CpuTicks[]): MachineLoad {
  const spans = samples.slice(1).flatMap((now, index) => {
    const before = samples[index];
    return before === undefined ? [] : [spanBetween(before, now)];
  });
  const total = spans.reduce((sum, { capacity }) => sum + capacity, 0);
  if (total <= 0) return { kind: "unknown" };
  const full = spans.filter(({ capacity, idle }) => idle < FULL_BELOW_IDLE * capacity);
  const contended = full.filter(({ capacity, foreign }) => foreign >= FOREIGN_FROM * capacity);
  return {
    kind: "measured",
    contendedShare: contended.reduce((sum, { capacity }) => sum + capacity, 0) / total,
    fullShare: full.reduce((sum, { capacity }) => sum + capacity, 0) / total,
    foreignShare: spans.reduce((sum, { foreign }) => sum + foreign, 0) / total,
    spans: spans.length,
  };
}

function spanBetween(before: CpuTicks, now: CpuTicks) {
  const capacity = now.capacity - before.capacity;
  const idle = now.idle - before.idle;
  const foreign = Math.max(0, capacity - idle - (now.ours - before.ours));
  return { capacity, idle, foreign };
}

/**
 * Reads Linux's own accounts (proc(5)): `/proc/stat`, and the times of a process and its descendants,
 * including those that have ended and were waited for. Undefined where there is no such file.
 */
export async function readCpuTicks(pid: number): Promise<CpuTicks | undefined> {
  const stat = await readFile("/proc/stat", "utf8").catch(() => undefined);
  const [, ...fields] = stat?.split("\n", 1)[0]?.trim().split(/\s+/) ?? [];
  // user nice system idle iowait irq softirq steal; guest times are in user and nice already.
  const times = fields.slice(0, 8).map(Number);
  if (times.length < 8 || times.some(Number.isNaN)) return undefined;
  const [, , , idle = 0, iowait = 0] = times;
  const capacity = times.reduce((sum, time) => sum + time, 0);
  return { capacity, idle: idle + iowait, ours: ticksOf(pid, await readProcesses()) };
}

interface ProcessTicks {
  readonly parent: number;
  readonly ticks: number;
}

async function readProcesses(): Promise<ReadonlyMap<number, ProcessTicks>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const processes = new Map<number, ProcessTicks>();
  await Promise.all(
    pids.map(async (pid) => {
      // A process that has ended meanwhile has no file, and its time is in its parent's.
      const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
      if (text !== undefined) processes.set(Number(pid), parseStat(text));
    }),
  );
  return processes;
}

/**
 * The name in the second field may contain blanks and brackets: the fields are counted after its last
 * bracket.
 */
function parseStat(text: string): ProcessTicks {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), ticks };
}

function ticksOf(root: number, processes: ReadonlyMap<number, ProcessTicks>): number {
  let ticks = 0;
  for (const [pid, process] of processes) if (descends(pid, root, processes)) ticks += process.ticks;
  return ticks;
}

function descends(pid: number, root: number, processes: ReadonlyMap<number, ProcessTicks>): boolean {
  for (let at = pid; at > 1; at = processes.get(at)?.parent ?? 0) if (at === root) return true;
  return false;
}
