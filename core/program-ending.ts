import { EXIT_CODE, type ExitCode } from "./exit-code.ts";
import { KanitError } from "./kanit-error.ts";

/** How a program that the command line starts ends after an error: its last words and its exit code. */
export interface ProgramEnding {
  readonly exitCode: ExitCode;
  readonly text: string;
}

/**
 * Decides how such a program ends. It must also be asked for errors that nobody caught: Node's own exit code for them
 * is 1, which means a fail here.
 */
export function programEnding(error: unknown): ProgramEnding {
  if (error instanceof KanitError) {
    const line = `kanit: ${error.message} ${error.nextStep}`.replaceAll(/\s*\n\s*/g, " ");
    return { exitCode: error.exitCode, text: line };
  }
  if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) {
    return { exitCode: EXIT_CODE.usage, text: `kanit: ${error.message}` };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: EXIT_CODE.internal,
    text: `kanit: internal error. Please report it with this:\n${detail}`,
  };
}
