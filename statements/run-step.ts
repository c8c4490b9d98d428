import { spawn } from "node:child_process";

const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** A program to run, without a shell. */
export interface Step {
  readonly words: readonly [string, ...string[]];
  readonly directory: string;
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
}

/** How a program ended. */
export interface StepEnding {
  /** Null when it could not be started or was ended. */
  readonly exitCode: number | null;
  readonly output: string;
  /** Why there is no exit code, or the end of its standard error. */
  readonly problem: string;
}

/** Runs a program to its end, or to the end of its time. Never throws because of what the program does. */
export async function runStep({ words, directory, timeLimitMs, signal }: Step): Promise<StepEnding> {
  const [program, ...rest] = words;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]);
  const child = spawn(program, rest, {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    signal: limit,
    killSignal: "SIGKILL",
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output.length < MOST_OUTPUT_BYTES) output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = `${errors}${text}`.slice(-2_000);
  });
  return new Promise((resolve) => {
    let failed: string | null = null;
    child.once("error", (error) => {
      failed = limit.aborted ? `was ended after ${timeLimitMs} ms` : error.message;
      // A program that was never started closes nothing.
      if (child.pid === undefined) resolve({ exitCode: null, output, problem: failed });
    });
    child.once("close", (code, by) => {
      resolve({
        exitCode: code,
        output,
        problem: failed ?? (code === null ? `ended by ${by}` : errors.trim()),
      });
    });
  });
}
