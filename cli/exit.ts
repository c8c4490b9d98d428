import { CommanderError } from "commander";
import { EXIT_CODE, type ExitCode, KanitError } from "../core/index.ts";

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
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: EXIT_CODE.internal,
    message: `kanit: internal error. Please report it with this:\n${detail}`,
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
