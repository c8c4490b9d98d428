import { EXIT_CODE, KanitError } from "../core/index.ts";

/** What is known of a process that ended unexpectedly. */
export interface ProcessDeath {
  readonly process: string;
  readonly logPath: string;
  /** How it ended: `exit code 1`, `signal SIGKILL`. */
  readonly ending: string;
  readonly lastLines: readonly string[];
}

/** A process of the lab died. The message includes its last log lines, which usually show the reason. */
export class ProcessDiedError extends KanitError {
  override readonly name = "ProcessDiedError";
  readonly death: ProcessDeath;

  constructor(death: ProcessDeath) {
    const said =
      death.lastLines.length === 0
        ? "It printed nothing."
        : `Its last output: ${death.lastLines.join(" | ")}`;
    super({
      code: "process-died",
      message: `Expected ${death.process} to keep running, but it ended with ${death.ending}. ${said}`,
      nextStep: `Its whole log is ${death.logPath}.`,
      exitCode: EXIT_CODE.unavailable,
    });
    this.death = death;
  }
}
