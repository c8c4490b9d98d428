import type { DrillRecord, TriggerDrill } from "../../evidence/index.ts";
import { toOneLine } from "../plain-text.ts";
import { DRILL_HEADINGS, drillCells, drillFacts, quietSentence } from "../summary/drill-summary.ts";
import { notApplicableSentence } from "../summary/run-summary.ts";
import { type TerminalOptions, terminalStyle } from "./terminal-style.ts";

/** The widths of the two right-aligned columns of times. */
const AFTER_FAULT_COLUMNS = 11;
const AFTER_TRUE_COLUMNS = 10;

/** Renders a drill for a terminal: the verdict, a line for each alert, the quiet run. Ends with a line feed. */
export function renderDrillTerminal(drill: DrillRecord, options: TerminalOptions): string {
  const style = terminalStyle(options);
  const rows = drill.triggers.map((trigger) => drillCells(trigger).map(toOneLine));
  const widthOf = (column: number): number =>
    Math.max(...[DRILL_HEADINGS, ...rows].map((cells) => cells[column]?.length ?? 0));
  const nameOf = ([name = ""]: readonly string[]): string => name.padEnd(widthOf(0));
  const timesOf = ([, condition = "", afterFault = "", afterTrue = "", firedWith = ""]: readonly string[]) =>
    [
      condition.padEnd(widthOf(1)),
      afterFault.padStart(AFTER_FAULT_COLUMNS),
      afterTrue.padStart(AFTER_TRUE_COLUMNS),
      firedWith,
    ].join("  ");
  const lineOf = ({ verdict, why }: TriggerDrill, index: number): string => {
    const cells = rows[index] ?? [];
    return style.marked(verdict, nameOf(cells), verdict === "pass" ? timesOf(cells) : toOneLine(why));
  };
  const lines = [
    style.headline(drill.verdict, drillFacts(drill)),
    style.unmarked(`${nameOf(DRILL_HEADINGS)}  ${timesOf(DRILL_HEADINGS)}`),
    ...drill.triggers.map(lineOf),
    style.marked(drill.quiet.verdict, quietSentence(drill), ""),
    ...(drill.notApplicable.length === 0 ? [] : [style.unmarked(toOneLine(notApplicableSentence(drill)))]),
    ...style.ending(drill.command),
  ];
  return `${lines.join("\n")}\n`;
}
