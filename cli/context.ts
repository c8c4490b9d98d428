import type { ExitCode, Verdict } from "../core/index.ts";
import type { Environment } from "./environment.ts";
import type { Output } from "./output.ts";

/**
 * The dependencies of every command: the environment, the output, the signal that
 * interrupts it, and its exit code.
 */
export interface CommandContext {
  readonly environment: Environment;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Called with the name of the command that begins: `load saturate`. */
  readonly onCommand: (command: string) => void;
  /** Records a verdict as soon as it is known, so that the exit code shows it whatever happens afterwards. */
  readonly noteVerdict: (verdict: Verdict) => void;
  /** Ends a command that judges, with its verdict as exit code. */
  readonly conclude: (verdict: Verdict) => void;
  /** Sets the process's exit code; a command that does not call it ends with 0. */
  readonly exitWith: (code: ExitCode) => void;
}
