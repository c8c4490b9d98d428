import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import {
  backpressureFacts,
  RATE_COLUMNS,
  RATE_UNITS,
  stepVerdict,
  WAIT_COLUMNS,
} from "../summary/backpressure-summary.ts";
import { commandBlock, escapeMarkdown, MARKS, tableHead, tableRow } from "./markdown-text.ts";

const COLUMNS = [...RATE_COLUMNS, ...WAIT_COLUMNS];
const HEAD = tableHead([
  { heading: "", isNumber: false },
  ...COLUMNS.map(({ heading }) => ({ heading, isNumber: true })),
]);

/** Renders a search as Markdown, for a step summary or a pull request. Ends with a line feed. */
export function renderBackpressureMarkdown(search: BackpressureRecord): string {
  const rowOf = (step: StepRecord): string =>
    tableRow([MARKS[stepVerdict(step)], ...COLUMNS.map(({ of }) => of(step, search.cores))]);
  return [
    `## ${MARKS[search.verdict]} ${search.verdict.toUpperCase()}: backpressure`,
    "",
    escapeMarkdown(search.why),
    "",
    escapeMarkdown(backpressureFacts(search)),
    "",
    HEAD + search.steps.map(rowOf).join(""),
    RATE_UNITS,
    "",
    commandBlock(search.command),
  ].join("\n");
}
