import { formatDuration } from "../../core/index.ts";
import type { RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import { tookMs } from "../summary/duration.ts";
import { firedPhrase } from "../summary/proof.ts";
import { judgedByPhrase, reasonsOf, worstReason } from "../summary/reasons.ts";
import { notApplicableSentence, notRunSentence, summaryOf } from "../summary/run-summary.ts";
import { countVerdicts, describeCounts, worstFirst } from "../summary/verdict-counts.ts";
import { commandBlock, escapeMarkdown, MARKS, tableHead, tableRow } from "./markdown-text.ts";

/** GitHub shows nothing of a step summary beyond 1,024 KiB. */
export const STEP_SUMMARY_LIMIT_BYTES = 1_024 * 1_024;

/** Room for the sentence about hidden scenarios, and for other steps' summaries. */
const RESERVE_BYTES = 4_096;

const SCENARIO_HEAD = textHead("", "Scenario", "Worst reason, or fired triggers", "Took");
const CHECK_HEAD = textHead("", "Kind", "Check", "Expected", "Received");

/**
 * Renders a run for a CI step summary, in GitHub's Markdown: verdict, scenarios worst first, then the checks
 * and the command of each that did not pass. Stays below `limitBytes` and says how many scenarios it hides.
 */
export function renderMarkdown(run: RunRecord, limitBytes = STEP_SUMMARY_LIMIT_BYTES): string {
  const ranked = worstFirst(run.scenarios);
  const notPassed = ranked.filter(({ verdict }) => verdict !== "pass");
  const head = headOf(run);
  const budget = budgetOf(limitBytes - RESERVE_BYTES - Buffer.byteLength(head));
  const rows = takeWhileFits(ranked.map(rowOf), budget);
  const details = takeWhileFits(notPassed.map(detailsOf), budget);
  const hiddenRows = ranked.length - rows.length;
  const hiddenDetails = notPassed.length - details.length;
  const notes = [
    hiddenRows === 0
      ? ""
      : `**${hiddenRows} of ${ranked.length} scenarios are hidden** because of the size limit. `,
    hiddenDetails === 0 ? "" : `**The details of ${hiddenDetails} are hidden** because of the size limit. `,
  ].join("");
  const pointer = notes === "" ? "" : `\n${notes}The full report is \`index.html\` in the run's folder.\n`;
  const table = rows.length === 0 ? "" : SCENARIO_HEAD + rows.join("");
  const missing = run.notRun.length === 0 ? "" : `\n${escapeMarkdown(notRunSentence(run))}\n`;
  const unfit = notApplicableSentence(run);
  const apart = unfit === "" ? "" : `\n${escapeMarkdown(unfit)}\n`;
  return `${head}${table}${missing}${apart}${details.join("")}${pointer}`;
}

function headOf(run: RunRecord): string {
  const counts = describeCounts(countVerdicts(run.scenarios));
  const facts = [counts, formatDuration(tookMs(run)), `seed ${run.seed}`, run.environment.runtime];
  return [
    `## ${MARKS[run.verdict]} ${run.verdict.toUpperCase()}: ${escapeMarkdown(run.title)}`,
    "",
    escapeMarkdown(summaryOf(run)),
    "",
    escapeMarkdown(facts.join(" · ")),
    "",
    commandBlock(run.command),
    "",
  ].join("\n");
}

function rowOf(scenario: ScenarioRecord): string {
  const { verdict, name, durationMs } = scenario;
  const reason = worstReason(scenario) ?? firedPhrase(scenario);
  return tableRow([`${MARKS[verdict]} ${verdict}`, name, reason, formatDuration(durationMs)]);
}

function detailsOf(scenario: ScenarioRecord): string {
  const rows = reasonsOf(scenario).map((check) => {
    const { verdict, kind, name, expected, received } = check;
    const found = `${received} (${judgedByPhrase(check)})`;
    return tableRow([`${MARKS[verdict]} ${verdict}`, kind, name, expected, found]);
  });
  const table = rows.length === 0 ? "" : `\n${CHECK_HEAD}${rows.join("")}`;
  const title = `### ${MARKS[scenario.verdict]} ${escapeMarkdown(scenario.name)}`;
  const unfit = notApplicableSentence(scenario);
  const apart = unfit === "" ? "" : `\n${escapeMarkdown(unfit)}\n`;
  return `\n${title}\n\n${escapeMarkdown(scenario.hypothesis)}\n${table}${apart}\n${commandBlock(scenario.command)}\n`;
}

function textHead(...headings: readonly string[]): string {
  return tableHead(headings.map((heading) => ({ heading, isNumber: false })));
}

interface Budget {
  /** Subtracts the bytes of a text from the budget and returns whether they fit. */
  take(text: string): boolean;
}

function budgetOf(bytes: number): Budget {
  let left = bytes;
  return {
    take: (text) => {
      left -= Buffer.byteLength(text);
      return left >= 0;
    },
  };
}

function takeWhileFits(parts: readonly string[], budget: Budget): string[] {
  const end = parts.findIndex((part) => !budget.take(part));
  return parts.slice(0, end === -1 ? parts.length : end);
}
