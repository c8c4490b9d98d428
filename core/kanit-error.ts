import { EXIT_CODE, type ExitCode } from "./exit-code.ts";

/** The parts of an error's message, in the order in which a reader needs them. */
export interface KanitErrorDetails {
  /** Stable, kebab-case, for programs: `port-taken`. */
  readonly code: string;
  /** One sentence: what was expected and what came, with units. */
  readonly message: string;
  /** What the reader can do next. */
  readonly nextStep: string;
  readonly exitCode: ExitCode;
  readonly cause?: unknown;
  /** The details that the message summarizes, one line each: mistakes in a file. */
  readonly lines?: readonly string[];
}

/**
 * The base of every error that kanit throws on purpose. A command that ends with one prints `kanit:
 * <message> <next step>` on one line and exits with its exit code, without a stack trace. The lines that it
 * summarizes are printed before it.
 */
export class KanitError extends Error {
  override readonly name: string = "KanitError";
  readonly code: string;
  readonly nextStep: string;
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];

  constructor(details: KanitErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.nextStep = details.nextStep;
    this.exitCode = details.exitCode;
    this.lines = details.lines ?? [];
  }
}

/** The user's request is invalid: exit code 64. */
export class UsageError extends KanitError {
  override readonly name = "UsageError";

  constructor(details: Omit<KanitErrorDetails, "exitCode">) {
    super({ ...details, exitCode: EXIT_CODE.usage });
  }
}

/** Something that kanit needs is missing or does not work: exit code 69. */
export class UnavailableError extends KanitError {
  override readonly name = "UnavailableError";

  constructor(details: Omit<KanitErrorDetails, "exitCode">) {
    super({ ...details, exitCode: EXIT_CODE.unavailable });
  }
}

/** The request is possible, but would be unsafe: exit code 77. */
export class RefusedError extends KanitError {
  override readonly name = "RefusedError";

  constructor(details: Omit<KanitErrorDetails, "exitCode">) {
    super({ ...details, exitCode: EXIT_CODE.refused });
  }
}
