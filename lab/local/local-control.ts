import { setTimeout as delay } from "node:timers/promises";
import { UnavailableError } from "../../core/index.ts";
import { type Hold, hold } from "../powers/hold.ts";
import type { ProcessControl } from "../powers/process-powers.ts";
import type { LabContext } from "./lab-context.ts";
import { readProcessTable } from "./process-table.ts";

const CPU_WINDOW_MS = 500;
const HOLD_TRIES = 5;
// A process of a tree may end before its turn; the others must be resumed nevertheless.
const PAUSE = 'kill -s STOP "$@" 2>/dev/null; :';
const RESUME = 'kill -s CONT "$@" 2>/dev/null; :';

/** The processes of a local lab: paused, ended and measured with signals and the process table. */
export function localControl(
  { processes, logDirectory }: Pick<LabContext, "processes" | "logDirectory">,
  platform: string,
  { restarts, clock }: Pick<ProcessControl, "restarts" | "clock">,
): ProcessControl {
  return {
    names: () => processes.names(),
    platform,
    hold: (name, durationMs) => holdTree({ processes, logDirectory }, name, durationMs),
    kill: async (name) => processes.running(name)?.kill(),
    restarts,
    clock,
    readCpu: () => readCpu(processes),
    readStopped: () => readStopped(processes),
    stopping: processes.stopping,
  };
}

/**
 * Pauses a process and everything that it started. One that was forked while the others were being paused is
 * caught by the next pass.
 */
async function holdTree(
  { processes, logDirectory }: Pick<LabContext, "processes" | "logDirectory">,
  name: string,
  durationMs: number,
): Promise<Hold> {
  const idsOf = async () => {
    const table = await readProcessTable();
    return (
      processes
        .running(name)
        ?.treeIn(table)
        .map(({ pid }) => pid) ?? []
    );
  };
  for (let tries = 1; tries <= HOLD_TRIES; tries++) {
    const targets = (await idsOf()).map(String);
    if (targets.length === 0) break;
    const held = await hold(
      processes,
      { pause: PAUSE, resume: RESUME, targets, environment: { PATH: "/bin:/usr/bin" } },
      { name, logDirectory, durationMs },
    );
    const now = await idsOf();
    if (now.length > 0 && now.every((pid) => targets.includes(String(pid)))) return held;
    await held.release();
  }
  throw new UnavailableError({
    code: "not-paused",
    message: `Expected to stop ${name} with all that it started, but it ended, or starts processes faster than they can be stopped.`,
    nextStep: "See its log.",
  });
}

async function readCpu(processes: LabContext["processes"]): Promise<ReadonlyMap<string, number>> {
  const startedAtMs = performance.now();
  const before = await cpuTimes(processes);
  await delay(CPU_WINDOW_MS);
  const after = await cpuTimes(processes);
  const elapsedMs = performance.now() - startedAtMs;
  // The time of an ended child moves to its parent, which would count it again.
  return new Map(
    [...after].map(([name, cpuMs]) => [name, Math.max(0, cpuMs - (before.get(name) ?? 0)) / elapsedMs]),
  );
}

async function readStopped(processes: LabContext["processes"]): Promise<readonly string[]> {
  const table = await readProcessTable();
  return processes.names().filter(
    (name) =>
      processes
        .running(name)
        ?.treeIn(table)
        .some(({ isStopped }) => isStopped) ?? false,
  );
}

async function cpuTimes(processes: LabContext["processes"]): Promise<ReadonlyMap<string, number>> {
  const table = await readProcessTable();
  return new Map(
    processes.names().map((name) => {
      const tree = processes.running(name)?.treeIn(table) ?? [];
      return [name, tree.reduce((sum, { cpuMs }) => sum + cpuMs, 0)];
    }),
  );
}
