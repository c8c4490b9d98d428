import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { CommandEnd } from "../gates/index.ts";
import { ownModule } from "../installation/index.ts";

const MOST_LINES = 6;
/** A command gets so long to end what it began, as the undoing of a fault. */
const LAST_WORDS_MS = 30_000;

/** One of kanit's own commands, to be run in a process of its own. */
export interface OwnCommand {
  readonly words: readonly string[];
  readonly variables: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Called with each line that it says. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs one of kanit's commands to its end, and returns its exit code with the end of what it said. It is
 * interrupted with this one, and ended where it does not come to its end then.
 */
export async function runOwnCommand(command: OwnCommand): Promise<CommandEnd> {
  const { words, variables, signal, onLine } = command;
  const main = fileURLToPath(ownModule("./main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", main, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: variables,
  });
  const said: string[] = [];
  const forward = (line: string): void => {
    if (line.trim() === "") return;
    said.push(line);
    if (said.length > MOST_LINES) said.shift();
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", forward);
  let timer: NodeJS.Timeout | null = null;
  const interrupt = (): void => {
    child.kill("SIGINT");
    timer = setTimeout(() => child.kill("SIGKILL"), LAST_WORDS_MS);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  if (signal.aborted) interrupt();
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return { exitCode, said };
  } finally {
    signal.removeEventListener("abort", interrupt);
    if (timer !== null) clearTimeout(timer);
  }
}
