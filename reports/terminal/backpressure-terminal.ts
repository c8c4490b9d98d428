import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import { toOneLine } from "../plain-text.ts";
import {
  backpressureFacts,
  RATE_COLUMNS,
  RATE_UNITS,
  stepVerdict,
  WAIT_COLUMNS,
} from "../summary/backpressure-summary.ts";
import { type TerminalOptions, terminalStyle } from "./terminal-style.ts";

const COLUMNS = [...RATE_COLUMNS, ...WAIT_COLUMNS];

/** Renders a search for a terminal: the result, and a line for each rate. Ends with a line feed. */
export function renderBackpressureTerminal(search: BackpressureRecord, options: TerminalOptions): string {
  const style = terminalStyle(options);
  const cellsOf = (step: StepRecord): readonly string[] =>
    COLUMNS.map(({ heading, of }) => of(step, search.cores).padStart(heading.length));
  const lineOf = (step: StepRecord): string => {
    const [rate = "", ...measures] = cellsOf(step);
    return style.marked(stepVerdict(step), rate, measures.join("  "));
  };
  const lines = [
    style.headline(search.verdict, backpressureFacts(search)),
    style.unmarked(COLUMNS.map(({ heading }) => heading).join("  ")),
    ...search.steps.map(lineOf),
    style.unmarked(RATE_UNITS),
    ...wrapped(toOneLine(search.why), options.columns),
    ...style.ending(search.command),
  ];
  return `${lines.join("\n")}\n`;
}

function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
