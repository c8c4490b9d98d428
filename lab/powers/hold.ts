import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GuardedProcess } from "../local/guarded-process.ts";
import type { LabProcesses } from "../local/lab-processes.ts";

const HOLD = readFileSync(fileURLToPath(new URL("hold.sh", import.meta.url)), "utf8");

/** How a process is paused and resumed. */
export interface HoldCommands {
  /** Shell text that finds `targets` as its arguments; its exit code, when it fails, fails the pause. */
  readonly pause: string;
  readonly resume: string;
  readonly targets: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The process that keeps another one paused: while it runs, the other one does not. */
export interface Hold {
  /** Resolves when the process is resumed. */
  readonly over: Promise<void>;
  release(): Promise<void>;
}

/**
 * Starts a small program that pauses the process and resumes it: after `durationMs`, when it is released, or
 * when the lab's runner dies, since the program is guarded like all processes of the lab.
 *
 * @throws ProcessDiedError with what the machine or the engine said, when it refuses.
 */
export async function hold(
  processes: LabProcesses,
  { pause, resume, targets, environment }: HoldCommands,
  { name, logDirectory, durationMs }: HoldOptions,
): Promise<Hold> {
  const seconds = String(durationMs / 1_000);
  const holder: GuardedProcess = await processes.startCompanion({
    name: `pause-of-${name}`,
    command: ["/bin/sh", "-c", HOLD, "hold.sh", seconds, pause, resume, ...targets],
    environment,
    workingDirectory: "/",
    logDirectory,
    stopSignal: "TERM",
    user: { kind: "same" },
  });
  const over = holder.exited();
  await holder.firstOutputLine();
  return { over, release: () => holder.stop() };
}

/** What is paused, and for how long. */
export interface HoldOptions {
  readonly name: string;
  readonly logDirectory: string;
  readonly durationMs: number;
}
