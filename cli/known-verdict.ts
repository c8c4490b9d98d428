import { EXIT_CODE, type ExitCode, exitCodeOf, mergeVerdicts, type Verdict } from "../core/index.ts";

const VERDICTS: readonly Verdict[] = ["pass", "fail", "inconclusive"];

/** The worst verdict that a command knows so far, which no later event may lose. */
export class KnownVerdict {
  #known: Verdict | null = null;

  note(verdict: Verdict): void {
    this.#known = mergeVerdicts(this.#known === null ? [verdict] : [this.#known, verdict]);
  }

  /** Null when the command has judged nothing. */
  get verdict(): Verdict | null {
    return this.#known;
  }

  /** The exit code of a command that came to its end with `code`: nothing that was known before makes it better. */
  exitCodeWith(code: ExitCode): ExitCode {
    const verdict = VERDICTS.find((each) => exitCodeOf(each) === code);
    if (verdict === undefined) return this.exitCodeAfter(code);
    return this.#known === null ? code : exitCodeOf(mergeVerdicts([this.#known, verdict]));
  }

  /**
   * The exit code of a command that did not finish: a fail stays a fail, and with any other verdict the rest
   * is unknown. Only when no verdict was known, it is the exit code of the error.
   */
  exitCodeAfter(error: ExitCode): ExitCode {
    if (this.#known === null || error === EXIT_CODE.pass) return error;
    return exitCodeOf(mergeVerdicts([this.#known, "inconclusive"]));
  }
}
