import type { RollbackRequest, StepName } from "./rollback-entry.ts";

/** One thing that a rollback does. Doing it again does no harm: after a kill, nobody knows whether it was done. */
export interface RollbackStep {
  readonly name: StepName;
  /** How a person would do the same: one line to paste. */
  readonly describe: (request: RollbackRequest) => string;
  /** For one try. */
  readonly limitMs: number;
  /**
   * Does it, and returns what was done, in a few words.
   *
   * @throws anything, when it was not done.
   */
  readonly take: (request: RollbackRequest, signal: AbortSignal) => Promise<string>;
  /** Whether it is in effect, where that can be asked; null where only the journal knows. */
  readonly isInEffect: ((signal: AbortSignal) => Promise<boolean>) | null;
  /**
   * Finds out whether it could be done, and changes nothing. Returns what shows it.
   *
   * @throws anything, when it could not.
   */
  readonly rehearse: (request: RollbackRequest, signal: AbortSignal) => Promise<string>;
}

/** How users are at one time. Unknown is not well. */
export interface UsersReading {
  readonly standing: "well" | "ill" | "unknown";
  /** What was read, or why nothing was: one line each. */
  readonly lines: readonly string[];
}

/** Sees how users are. */
export interface UsersWatch {
  /** What it looks at: `http://… and the golden signals of …`. */
  readonly describe: string;
  readonly read: (signal: AbortSignal) => Promise<UsersReading>;
}

/** What a rollback works with. */
export interface RollbackMeans {
  /** What is rolled back, without credentials. */
  readonly target: string;
  /** In the order of `STEP_NAMES`. */
  readonly steps: readonly RollbackStep[];
  readonly users: UsersWatch;
}
