import { EXIT_CODE, type ExitCode } from "../core/index.ts";
import { endingOf } from "./exit.ts";
import type { KnownVerdict } from "./known-verdict.ts";

/** How long a command may take to close its run after an uncaught error. */
const CLOSING_LIMIT_MS = 30_000;

export interface CrashOptions {
  readonly known: KnownVerdict;
  /** Ends the command like an interruption: it heals its faults, stops its lab and files what it knows. */
  readonly interrupt: (reason: unknown) => void;
  readonly write: (line: string) => void;
  /** Removes secrets from a text. */
  readonly filter: (text: string) => string;
  /** Ends the process immediately. */
  readonly exit: (code: ExitCode) => void;
}

/**
 * Handles uncaught errors: the first one closes the run; another one, or a run that cannot be closed, ends
 * the process. Node's own exit code for them is 1, which means a fail here.
 */
export class Crash {
  readonly #options: CrashOptions;
  #happened = false;

  constructor(options: CrashOptions) {
    this.#options = options;
  }

  get happened(): boolean {
    return this.#happened;
  }

  /** The exit code of a command that ended with `code`, or of its crash. */
  exitCodeOf(code: ExitCode): ExitCode {
    return this.#happened ? this.#options.known.exitCodeAfter(EXIT_CODE.internal) : code;
  }

  readonly onUncaught = (error: unknown): void => {
    const { interrupt, write, exit, known, filter } = this.#options;
    const exitCode = known.exitCodeAfter(EXIT_CODE.internal);
    if (this.#happened) {
      exit(exitCode);
      return;
    }
    this.#happened = true;
    setTimeout(() => exit(exitCode), CLOSING_LIMIT_MS).unref();
    write(`${endingOf(error, filter).message ?? filter(String(error))}\n`);
    interrupt(new Error("An internal error ended the run."));
  };
}
