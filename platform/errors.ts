/** The parts of an error's message. */
export interface SparkErrorDetails {
  /** Stable, kebab-case, for programs: `database-unavailable`. */
  readonly code: string;
  /** One sentence: what was expected and what came. */
  readonly message: string;
  /** What the reader can do next. */
  readonly nextStep: string;
  readonly cause?: unknown;
}

/** The base of every error that the platform throws on purpose. */
export class SparkError extends Error {
  override readonly name: string = "SparkError";
  readonly code: string;
  readonly nextStep: string;

  constructor(details: SparkErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.nextStep = details.nextStep;
  }
}

/** The configuration is invalid. The process exits with 64 (`EX_USAGE`). */
export class ConfigError extends SparkError {
  override readonly name = "ConfigError";
}

/** The database could not be reached or could not serve the request: HTTP 503. */
export class DatabaseUnavailableError extends SparkError {
  override readonly name = "DatabaseUnavailableError";
}

/** A migration cannot be applied safely. The process exits with 70 (`EX_SOFTWARE`). */
export class MigrationError extends SparkError {
  override readonly name = "MigrationError";
}

/** An amount that a numeric(38,18) column cannot hold exactly. */
export class MoneyError extends SparkError {
  override readonly name = "MoneyError";
}

/** The message of anything that was thrown, an Error or not. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
