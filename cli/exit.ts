import { CommanderError } from "commander";
import { EXIT_CODE, type ExitCode, KanitError } from "../core/index.ts";
import { Interrupted } from "./interruption.ts";

/** What the process says about an error, and the code it ends with. */
export interface Ending {
  readonly exitCode: ExitCode;
  /** Nothing when commander has said it already. */
  readonly message: string | null;
}

/**
 * Turns whatever a command threw into its ending. A mistake of the user's, or something missing, is one line;
 * only a defect of kanit's own shows where in the code it happened.
 */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? EXIT_CODE.pass : EXIT_CODE.usage, message: null };
  }
  if (error instanceof KanitError) {
    return { exitCode: error.exitCode, message: oneLine(`kanit: ${error.message} ${error.nextStep}`) };
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

/** What commander says about a wrong command line, on one line of kanit's own. */
export function wrongUsageLine(text: string): string {
  return `kanit: ${oneLine(text.trim().replace(/^error: /, ""))} (kanit --help lists the commands)`;
}

// Codes of the operating system that no code can prevent. ENOENT is not among them: a path of kanit's own that does
// not exist is a defect of kanit's.
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

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
