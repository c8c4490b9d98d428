import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { EXIT_CODE, type ExitCode } from "../core/index.ts";
import { ownModule } from "../installation/index.ts";
import type { CommandContext } from "./context.ts";
import { terminalText } from "./terminal-text.ts";

/** A program of kanit that runs in a process of its own, because cli/ may not import its room. */
export interface Program {
  /** Its path in kanit's folder: `contracts/main.ts`. */
  readonly script: string;
  readonly arguments: readonly string[];
  /** Called with each line of its standard output. */
  readonly onLine: (line: string) => void;
  /** Whether a result so far was a fail: Node ends a program that it cannot run with the same exit code. */
  readonly hasFailed: () => boolean;
}

const LONGEST_ERROR_CHARS = 64 * 1024;
const LONGEST_SHOWN_CHARS = 2_000;
/** The program's last error message, from its standard error. */
const LAST_WORD = /^kanit: .*$/gms;

/**
 * Runs a program until it exits, ends it when the command is interrupted, and ends the command with its exit
 * code and its last error message. The program has the caller's environment.
 *
 * @throws the signal's reason when it was interrupted.
 */
export async function runProgram(
  program: Program,
  { environment, signal, exitWith }: CommandContext,
): Promise<void> {
  const script = fileURLToPath(ownModule(`../${program.script}`, import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", script, ...program.arguments], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const interrupt = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", interrupt, { once: true });
  if (signal.aborted) interrupt();
  let said = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (chunk: string) => {
    said += chunk;
    // Whole lines: the filter does not recognize a secret whose beginning is missing.
    const lineEnd = said.indexOf("\n", said.length - LONGEST_ERROR_CHARS);
    if (said.length > LONGEST_ERROR_CHARS) said = lineEnd === -1 ? "" : said.slice(lineEnd + 1);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", program.onLine);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  signal.removeEventListener("abort", interrupt);
  signal.throwIfAborted();
  const clean = environment.secrets.filter(said);
  const lastWord = clean.match(LAST_WORD)?.at(-1)?.trim();
  if (lastWord !== undefined) process.stderr.write(`${terminalText(lastWord)}\n`);
  const exitCode = Object.values(EXIT_CODE).find((known): known is ExitCode => known === code);
  if (exitCode === undefined || (exitCode === EXIT_CODE.fail && !program.hasFailed())) {
    throw new Error(
      `${program.script} ended with ${code ?? child.signalCode}:\n${clean.slice(-LONGEST_SHOWN_CHARS)}`,
    );
  }
  exitWith(exitCode);
}
