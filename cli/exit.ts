import { CommanderError } from "commander";
import { EXIT_CODE, type ExitCode, KanitError } from "../core/index.ts";
import { Interrupted } from "./interruption.ts";

/** The message and the exit code with which the process ends. */
export interface Ending {
  readonly exitCode: ExitCode;
  /** Null when commander has already printed the message. */
  readonly message: string | null;
}

/**
 * Decides how the process ends after a command threw this error. A user's mistake or a missing requirement is
 * one line; only a defect of kanit itself prints a stack trace.
 */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? EXIT_CODE.pass : EXIT_CODE.usage, message: null };
  }
  if (error instanceof KanitError) {
    const lines = [...error.lines, `kanit: ${error.message} ${error.nextStep}`];
    return { exitCode: error.exitCode, message: lines.map(oneLine).join("\n") };
  }
  if (error instanceof Interrupted) {
    return { exitCode: EXIT_CODE.inconclusive, message: `kanit: ${error.message} Nothing was concluded.` };
  }
  if (isMachineTrouble(error)) {
    const nextStep = "Check the disk's space, TMPDIR and who owns the folder.";
    return { exitCode: EXIT_CODE.unavailable, message: oneLine(`kanit: ${error.message}. ${nextStep}`) };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: EXIT_CODE.internal,
    message: `kanit: internal error. Please report it with this:\n${detail}`,
  };
}

/** Commander's message about a wrong command line, as one line of kanit. */
export function wrongUsageLine(text: string): string {
  return `kanit: ${oneLine(text.trim().replace(/^error: /, ""))} (kanit --help lists the commands)`;
}

// Errors of the operating system that are not caused by kanit. ENOENT is not among them: when a path that kanit chose
// does not exist, that is a defect of kanit.
const MACHINE_TROUBLE = new Set([
  "EACCES",
  "EDQUOT",
  "EISDIR",
  "EMFILE",
  "ENFILE",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
]);

function isMachineTrouble(error: unknown): error is Error {
  return error instanceof Error && "code" in error && MACHINE_TROUBLE.has(String(error.code));
}

const LONGEST_WORD = 200;
const LONGEST_LINE = 2_000;

/** Errors quote what the user typed; however long it is, the line stays readable. */
function oneLine(text: string): string {
  const words = text.slice(0, 10 * LONGEST_LINE).replaceAll(/\s*\n\s*/g, " ");
  const cut = words.replaceAll(/\S{201,}/g, (word) => `${word.slice(0, LONGEST_WORD / 2)}…`);
  return cut.length <= LONGEST_LINE ? cut : `${cut.slice(0, LONGEST_LINE)}…`;
}
