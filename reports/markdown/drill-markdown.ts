import type { DrillRecord, TriggerDrill } from "../../evidence/index.ts";
import { DRILL_HEADINGS, drillCells, drillFacts, quietSentence } from "../summary/drill-summary.ts";
import { notApplicableSentence } from "../summary/run-summary.ts";
import { commandBlock, escapeMarkdown, MARKS, tableHead, tableRow } from "./markdown-text.ts";

const NUMBERS: readonly string[] = ["after fault", "after true"];
const HEAD = tableHead(
  ["", ...DRILL_HEADINGS].map((heading) => ({ heading, isNumber: NUMBERS.includes(heading) })),
);

/** Renders a drill as Markdown, for a step summary or a pull request. Ends with a line feed. */
export function renderDrillMarkdown(drill: DrillRecord): string {
  const scale = `Times are seconds of the lab; one is ${drill.environment.timeScale} s of production.`;
  return [
    `## ${MARKS[drill.verdict]} ${drill.verdict.toUpperCase()}: drill`,
    "",
    `${escapeMarkdown(drillFacts(drill))}. ${scale}`,
    "",
    HEAD + drill.triggers.map(rowOf).join(""),
    `${MARKS[drill.quiet.verdict]} ${escapeMarkdown(quietSentence(drill))}`,
    "",
    ...(drill.notApplicable.length === 0 ? [] : [escapeMarkdown(notApplicableSentence(drill)), ""]),
    commandBlock(drill.command),
  ].join("\n");
}

function rowOf(drill: TriggerDrill): string {
  const { verdict, trigger, why } = drill;
  return tableRow([MARKS[verdict], ...(verdict === "pass" ? drillCells(drill) : [trigger, why, "", "", ""])]);
}
