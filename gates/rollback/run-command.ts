import { spawn } from "node:child_process";
import { UnavailableError } from "../../core/index.ts";

const LAST_OUTPUT_CHARS = 400;

/** A line of a shell, as `release.yml` has it. */
export interface ShellCommand {
  readonly line: string;
  readonly directory: string;
  /** Variables besides those of this process. Values are never put into the line. */
  readonly variables: Readonly<Record<string, string>>;
  /** What stops it, with everything that it started. */
  readonly signal: AbortSignal;
}

/**
 * Runs a line of a shell to its end, and returns the end of its output.
 *
 * @throws UnavailableError `command-failed` when its exit code is not 0; the signal's reason when it was stopped.
 */
export async function runCommand({ line, directory, variables, signal }: ShellCommand): Promise<string> {
  signal.throwIfAborted();
  // A group of its own, so that what the shell started is stopped with it.
  const added = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const child = spawn("/usr/bin/env", [...added, "/bin/sh", "-c", line], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = `${output}${text}`.slice(-LAST_OUTPUT_CHARS);
    });
  }
  const stop = () => stopGroup(child.pid);
  signal.addEventListener("abort", stop, { once: true });
  const ending = await new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, by) => resolve(code === 0 ? null : `exit code ${code ?? by}`));
  });
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  const said = output.trim().replaceAll(/\s*\n\s*/g, " | ");
  if (ending === null) return said;
  throw new UnavailableError({
    code: "command-failed",
    message: `Expected ${JSON.stringify(line)} to end with exit code 0, got ${ending}${said === "" ? "" : `: ${said}`}.`,
    nextStep: "Type it by hand to see why; then repeat the command of kanit, which skips what is done.",
  });
}

function stopGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof Error) || !("code" in error) || error.code !== "ESRCH") throw error;
  }
}
