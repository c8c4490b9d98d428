import { terminalText } from "./terminal-text.ts";

/** What a program is told of a command's result, with `--json`. */
export type CommandResult = Readonly<Record<string, unknown>>;

/** The output of a command. Injected, so that a test can read what a user would see. */
export interface Output {
  /** A line of the command's result. */
  line(text: string): void;
  /** Shows a line of progress. On a terminal the next line replaces it; elsewhere it is not shown. */
  status(text: string): void;
  /** Shows lines of progress, which the next ones replace. Elsewhere than on a terminal they are not shown. */
  view(lines: readonly string[]): void;
  /** Notes what a program reads in place of the lines. What is noted later is added. */
  result(result: CommandResult): void;
  /** Has the command answer with what is noted so far, because it goes on until it is interrupted. */
  answerNow(): void;
}

/** How the process's output is written. */
export interface OutputOptions {
  /** Whether lines can be rewritten. */
  readonly interactive: boolean;
  /** Whether standard output is left to the command's answer, so that lines go to standard error. */
  readonly json: boolean;
  /** Removes secrets; applied before a line is cut to the terminal's width. */
  readonly filter: (text: string) => string;
  readonly onResult: (result: CommandResult) => void;
  readonly onAnswerNow: () => void;
}

const USUAL_COLUMNS = 100;
const CLEAR_LINE = "\r\x1b[2K";

/** The process's own standard output and, for progress, standard error. No control character reaches them. */
export function processOutput({ interactive, json, filter, onResult, onAnswerNow }: OutputOptions): Output {
  const lines = json ? process.stderr : process.stdout;
  // Secrets are removed last, since a control character inside one would hide it from the filter.
  const shown = (text: string) => filter(terminalText(text));
  let isStatusVisible = false;
  let viewedLines = 0;
  const clear = () => {
    if (isStatusVisible) process.stderr.write(CLEAR_LINE);
    if (viewedLines > 0) process.stderr.write(`\x1b[${viewedLines}A\r\x1b[0J`);
    isStatusVisible = false;
    viewedLines = 0;
  };
  const toWidth = (text: string) => shown(text).slice(0, (process.stderr.columns ?? USUAL_COLUMNS) - 1);
  return {
    line: (text) => {
      clear();
      lines.write(`${shown(text)}\n`);
    },
    status: (text) => {
      if (!interactive) return;
      if (viewedLines > 0) clear();
      process.stderr.write(`${CLEAR_LINE}${toWidth(text)}`);
      isStatusVisible = true;
    },
    view: (texts) => {
      if (!interactive) return;
      clear();
      for (const text of texts) process.stderr.write(`${toWidth(text)}\n`);
      viewedLines = texts.length;
    },
    result: onResult,
    answerNow: onAnswerNow,
  };
}
