import { CommanderError } from "commander";
import { EXIT_CODE, type ExitCode, KanitError } from "../core/index.ts";
import type { AnsweredError } from "./command-answer.ts";
import { Interrupted } from "./interruption.ts";

/** Removes secrets from a text. */
type Filter = (text: string) => string;

/** The message and the exit code with which the process ends. */
export interface Ending {
  readonly exitCode: ExitCode;
  /** Null when commander has already printed the message. */
  readonly message: string | null;
  /** The same for a program; null when the command ended as it was asked to, as with `--help`. */
  readonly error: AnsweredError | null;
}

/**
 * Decides how the process ends after a command threw this error. A user's mistake or a missing requirement is
 * one line; only a defect of kanit itself prints a stack trace.
 *
 * @param filter applied before a line is truncated, since a part of a secret is not recognized.
 */
export function endingOf(thrown: unknown, filter: Filter): Ending {
  const error = interruptionIn(thrown) ?? thrown;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { exitCode: EXIT_CODE.pass, message: null, error: null };
    const message = plainUsage(error.message, filter);
    const nextStep = "kanit --help lists the commands.";
    const answered = { code: "wrong-usage", message, nextStep, lines: [] };
    return { exitCode: EXIT_CODE.usage, message: null, error: answered };
  }
  if (error instanceof KanitError) {
    const { code, message, nextStep, lines } = error;
    return oneLineEach(error.exitCode, { code, message, nextStep, lines }, filter);
  }
  if (error instanceof Interrupted) {
    const nextStep = "There is no result.";
    const { message } = error;
    return oneLineEach(EXIT_CODE.inconclusive, { code: "interrupted", message, nextStep, lines: [] }, filter);
  }
  if (isMachineTrouble(error)) {
    const message = `${error.message}.`;
    const nextStep = "Check the disk's space, TMPDIR and the folder's owner.";
    return oneLineEach(
      EXIT_CODE.unavailable,
      { code: "machine-trouble", message, nextStep, lines: [] },
      filter,
    );
  }
  const detail = filter(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return {
    exitCode: EXIT_CODE.internal,
    message: `kanit: internal error. Please report it with this:\n${detail}`,
    error: { code: "internal", message: filter(String(error)), nextStep: "Please report it.", lines: [] },
  };
}

/** The reason of an aborted signal: errors of Node's own functions carry it as their cause. */
function interruptionIn(error: unknown): Interrupted | null {
  if (error instanceof Interrupted) return error;
  return error instanceof Error && error.name === "AbortError" ? interruptionIn(error.cause) : null;
}

function oneLineEach(exitCode: ExitCode, given: AnsweredError, filter: Filter): Ending {
  const error = {
    code: given.code,
    message: filter(given.message),
    nextStep: filter(given.nextStep),
    lines: given.lines.map(filter),
  };
  const lines = [...error.lines, `kanit: ${error.message} ${error.nextStep}`];
  return { exitCode, message: lines.map(oneLine).join("\n"), error };
}

/**
 * Commander's message about a wrong command line, as one line of kanit.
 *
 * @param command The command that was called: `kanit run`, or `kanit` when there is none of this name.
 */
export function wrongUsageLine(text: string, command: string, filter: Filter): string {
  const help =
    command === "kanit" ? "kanit --help lists the commands" : `${command} --help lists its options`;
  return `kanit: ${plainUsage(text, filter)} (${help})`;
}

function plainUsage(text: string, filter: Filter): string {
  return oneLine(
    filter(text)
      .trim()
      .replace(/^error: /, ""),
  );
}

// Errors of the operating system that are not caused by kanit. ENOENT is not among them: when a path that kanit chose
// does not exist, that is a defect of kanit.
const MACHINE_TROUBLE = new Set([
  "EACCES",
  "EDQUOT",
  "EISDIR",
  "EMFILE",
  "ENFILE",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
]);

function isMachineTrouble(error: unknown): error is Error {
  return error instanceof Error && "code" in error && MACHINE_TROUBLE.has(String(error.code));
}

const LONGEST_WORD = 200;
const LONGEST_LINE = 2_000;

/** Errors quote what the user typed; however long it is, the line stays readable. */
function oneLine(text: string): string {
  const words = text.slice(0, 10 * LONGEST_LINE).replaceAll(/\s*\n\s*/g, " ");
  const cut = words.replaceAll(/\S{201,}/g, (word) => `${word.slice(0, LONGEST_WORD / 2)}…`);
  return cut.length <= LONGEST_LINE ? cut : `${cut.slice(0, LONGEST_LINE)}…`;
}
