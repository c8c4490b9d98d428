import { spawn } from "node:child_process";
import { once } from "node:events";

const OUTPUT_LIMIT = 65_536;
const SHOWN_LENGTH = 300;

/** How a line of a shell ended. `said`: its last line of output. */
export interface LineEnding {
  readonly isSuccess: boolean;
  /** `exit code 1`, `signal SIGKILL`, or why the shell did not start. */
  readonly ending: string;
  readonly said: string;
}

/**
 * Runs a line of a shell to its end. When the signal is aborted, all that it started is ended.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function runLine(
  line: string,
  workingDirectory: string,
  signal: AbortSignal,
): Promise<LineEnding> {
  signal.throwIfAborted();
  // A group of its own, which can be ended as a whole.
  const child = spawn("/bin/sh", ["-c", line], {
    cwd: workingDirectory,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output = (output + text).slice(-OUTPUT_LIMIT);
    });
  }
  const end = () => endGroup(child.pid);
  signal.addEventListener("abort", end);
  try {
    // `close` comes when the outputs have ended too.
    const [code, by] = (await once(child, "close")) as [number | null, string | null];
    signal.throwIfAborted();
    return {
      isSuccess: code === 0,
      ending: by === null ? `exit code ${code}` : `signal ${by}`,
      said: (output.trim().split("\n").at(-1) ?? "").slice(0, SHOWN_LENGTH),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { isSuccess: false, ending: error instanceof Error ? error.message : String(error), said: "" };
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
