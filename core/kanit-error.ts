import { EXIT_CODE, type ExitCode } from "./exit-code.ts";

/** What an error says, in the order in which a person needs it. */
export interface KanitErrorDetails {
  /** Stable, kebab-case, for programs: `port-taken`. */
  readonly code: string;
  /** One sentence: what was expected and what came, with units. */
  readonly message: string;
  /** What the reader can do next. */
  readonly nextStep: string;
  readonly exitCode: ExitCode;
  readonly cause?: unknown;
  /** What the message sums up, a line each: mistakes in a file. */
  readonly lines?: readonly string[];
}

/**
 * The base of every error that kanit throws on purpose. A command that ends with one prints
 * `kanit: <message> <next step>` on one line and exits with its exit code, without a stack trace. Before it stand the
 * lines that it sums up.
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

/** The user asked for something that cannot be meant: exit code 64. */
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

/** It could be done, but would not be safe: exit code 77. */
export class RefusedError extends KanitError {
  override readonly name = "RefusedError";

  constructor(details: Omit<KanitErrorDetails, "exitCode">) {
    super({ ...details, exitCode: EXIT_CODE.refused });
  }
}
