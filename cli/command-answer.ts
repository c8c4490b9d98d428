import type { ExitCode, Verdict } from "../core/index.ts";
import type { CommandResult } from "./output.ts";

/** What went wrong, as an error says it. */
export interface AnsweredError {
  readonly code: string;
  readonly message: string;
  readonly nextStep: string;
  /** Further lines, one for each of several mistakes. */
  readonly lines: readonly string[];
}

/** What every command prints with `--json`: one object on one line, and nothing else on standard output. */
interface AnswerObject {
  /** `load saturate`; null when the command line names none. */
  readonly command: string | null;
  /** Null for a command that judges nothing, and for one that came to no verdict. */
  readonly verdict: Verdict | null;
  /** Null for a command that goes on. */
  readonly exitCode: ExitCode | null;
  readonly error: AnsweredError | null;
  /** What the command found, by its kind: docs/command-line.md. Null when it found nothing. */
  readonly result: CommandResult | null;
}

/** Collects what a command is answered with, and prints it once. */
export class CommandAnswer {
  readonly #print: (text: string) => void;
  readonly #redact: (value: unknown) => unknown;
  #command: string | null = null;
  #result: CommandResult | null = null;
  #printed = false;

  /** @param redact removes secrets from the texts: in the JSON it might take syntax for part of one. */
  constructor(print: (text: string) => void, redact: (value: unknown) => unknown) {
    this.#print = print;
    this.#redact = redact;
  }

  begin(command: string): void {
    this.#command = command;
  }

  add(result: CommandResult): void {
    this.#result = { ...this.#result, ...result };
  }

  /** Prints the answer, unless the command has answered before. */
  print(ending: Pick<AnswerObject, "verdict" | "exitCode" | "error">): void {
    if (this.#printed) return;
    this.#printed = true;
    const { verdict, exitCode, error } = ending;
    const answer: AnswerObject = {
      command: this.#command,
      verdict,
      exitCode,
      error,
      result: this.#result,
    };
    this.#print(`${JSON.stringify(this.#redact(answer))}\n`);
  }
}
