import type { Verdict } from "../../core/index.ts";
import { cutTo, removeBreaks, toOneLine } from "../plain-text.ts";

export interface TerminalOptions {
  /** Whether ANSI colors are wanted; the caller checks NO_COLOR and whether it writes to a terminal. */
  readonly color: boolean;
  /** Longer lines are truncated, except commands and paths, which must be copied whole. */
  readonly columns: number;
  /** The path of the report, as the reader should open it. */
  readonly reportPath: string;
}

const MARKS: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
const COLORS: Readonly<Record<Verdict, string>> = { pass: "32", fail: "31", inconclusive: "33" };
const BOLD = "1";
const DIM = "2";
const MARK_COLUMNS = 4;

/** Formats the lines of a report for a terminal. Control characters in texts are removed. */
export interface TerminalStyle {
  /** `FAIL  facts` */
  headline(verdict: Verdict, facts: string): string;
  /** `  ✓ name  details`; the details of a pass are gray. */
  marked(verdict: Verdict, name: string, details: string): string;
  /** Like `marked`, without a mark and all in gray: headings, and notes below a table. */
  unmarked(text: string): string;
  /** `Label  text`, the label in gray. */
  labeled(label: string, text: string): string;
  /** The last lines: how to repeat the run, and the path of its report. They are never truncated. */
  ending(command: string): readonly string[];
}

export function terminalStyle({ color, columns, reportPath }: TerminalOptions): TerminalStyle {
  const paint = (code: string, text: string): string =>
    color && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  const fitted = (text: string, usedColumns: number): string =>
    cutTo(removeBreaks(text), Math.max(0, columns - usedColumns));
  return {
    headline: (verdict, facts) => {
      const word = verdict.toUpperCase();
      return `${paint(`${BOLD};${COLORS[verdict]}`, word)}  ${fitted(facts, word.length + 2)}`;
    },
    marked: (verdict, name, details) => {
      const first = fitted(name, MARK_COLUMNS);
      const rest = details === "" ? "" : fitted(`  ${details}`, MARK_COLUMNS + first.length);
      return `  ${paint(COLORS[verdict], MARKS[verdict])} ${first}${verdict === "pass" ? paint(DIM, rest) : rest}`;
    },
    unmarked: (text) => `    ${paint(DIM, fitted(text, MARK_COLUMNS))}`,
    labeled: (label, text) => `${paint(DIM, label)}  ${fitted(text, label.length + 2)}`,
    ending: (command) => [
      `${paint(DIM, "Repeat")}  ${toOneLine(command)}`,
      `${paint(DIM, "Report")}  ${toOneLine(reportPath)}`,
    ],
  };
}
