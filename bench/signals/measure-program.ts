import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpuSeconds, residentMemory } from "../fault-proxy/process-figures.ts";

/** The resources of one run of a program. */
export interface ProgramFigures {
  readonly wallSeconds: number;
  /** Of all its threads, in user and in kernel mode; the last reading interval may be missing. */
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

const READ_INTERVAL_MS = 20;

/**
 * Runs a program until it exits and measures its resources.
 *
 * @throws Error with its output when its exit code is not 0.
 */
export async function measureProgram(command: string, args: readonly string[]): Promise<ProgramFigures> {
  const beganMs = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text));
  const exited = once(child, "exit");
  let cpu = 0;
  let residentMb = 0;
  const reader = setInterval(() => {
    if (child.pid === undefined || child.exitCode !== null) return;
    void Promise.all([cpuSeconds(child.pid), residentMemory(child.pid)]).then(
      ([seconds, memory]) => {
        cpu = Math.max(cpu, seconds);
        residentMb = Math.max(residentMb, memory.totalMb);
      },
      // The program can end between two readings; the last reading counts.
      () => undefined,
    );
  }, READ_INTERVAL_MS);
  const [code] = (await exited) as [number | null];
  clearInterval(reader);
  const wallSeconds = (performance.now() - beganMs) / 1_000;
  if (code !== 0) throw new Error(`expected ${command} to exit with 0, got ${code}: ${output}`);
  return { wallSeconds, cpuSeconds: cpu, residentMb };
}
