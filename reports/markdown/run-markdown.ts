import { formatDuration, type Verdict } from "../../core/index.ts";
import type { RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import { cutTo, toOneLine } from "../plain-text.ts";
import { firedPhrase } from "../summary/proof.ts";
import {
  countVerdicts,
  describeCounts,
  notRunSentence,
  summaryOf,
  worstFirst,
  worstReason,
} from "../summary/ranking.ts";

/** GitHub shows nothing of a step summary beyond 1,024 KiB. */
export const STEP_SUMMARY_LIMIT_BYTES = 1_024 * 1_024;

/** Room for the sentence that says how much is hidden, and for other steps' summaries. */
const RESERVE_BYTES = 4_096;
const CELL_CHARS = 400;

const MARK: Readonly<Record<Verdict, string>> = { pass: "✅", fail: "❌", inconclusive: "❔" };

/**
 * Renders a run for a CI step summary, in GitHub's Markdown: verdict, scenarios worst first, then the checks
 * and the command of each that did not pass. Stays below `limitBytes` and says how many scenarios it hides.
 */
export function renderMarkdown(run: RunRecord, limitBytes = STEP_SUMMARY_LIMIT_BYTES): string {
  const ranked = worstFirst(run.scenarios);
  const durationMs = Math.max(0, Date.parse(run.endedAt) - Date.parse(run.startedAt)) || 0;
  const counts = describeCounts(countVerdicts(run.scenarios));
  const head = [
    `## ${MARK[run.verdict]} ${run.verdict.toUpperCase()}: ${cell(run.title)}`,
    "",
    cell(summaryOf(run)),
    "",
    `${counts} · ${formatDuration(durationMs)} · seed ${run.seed} · ${cell(run.environment.runtime)}`,
    "",
    codeBlock(run.command),
    "",
  ].join("\n");
  const budget = spend(limitBytes - RESERVE_BYTES - Buffer.byteLength(head));
  const tableHead = "| | Scenario | Worst reason, or what fired | Took |\n|---|---|---|---|\n";
  const rows = takeWhileFits(ranked.map(rowOf), budget);
  const details = takeWhileFits(ranked.filter(({ verdict }) => verdict !== "pass").map(detailsOf), budget);
  const hiddenRows = ranked.length - rows.length;
  const hiddenDetails = ranked.filter(({ verdict }) => verdict !== "pass").length - details.length;
  const notes = [
    hiddenRows === 0 ? "" : `**${hiddenRows} of ${ranked.length} scenarios are hidden** for lack of room. `,
    hiddenDetails === 0 ? "" : `**The details of ${hiddenDetails} are hidden** for lack of room. `,
  ].join("");
  const pointer = notes === "" ? "" : `\n${notes}The full report is \`index.html\` in the run's folder.\n`;
  const table = rows.length === 0 ? "" : tableHead + rows.join("");
  const missing = run.notRun.length === 0 ? "" : `\n${cell(notRunSentence(run))}\n`;
  return `${head}${table}${missing}${details.join("")}${pointer}`;
}

function rowOf(scenario: ScenarioRecord): string {
  const { verdict, name, durationMs } = scenario;
  const reason = worstReason(scenario) ?? firedPhrase(scenario);
  return `| ${MARK[verdict]} ${verdict} | ${cell(name)} | ${cell(reason)} | ${formatDuration(durationMs)} |\n`;
}

function detailsOf(scenario: ScenarioRecord): string {
  const checks = worstFirst(scenario.checks).filter(({ verdict }) => verdict !== "pass");
  const rows = checks.map(
    ({ verdict, kind, name, expected, received }) =>
      `| ${MARK[verdict]} ${verdict} | ${kind} | ${cell(name)} | ${cell(expected)} | ${cell(received)} |\n`,
  );
  const table =
    rows.length === 0
      ? ""
      : `\n| | Kind | Check | Expected | Received |\n|---|---|---|---|---|\n${rows.join("")}`;
  const reasons = scenario.reasons.map((reason) => `- ${cell(reason)}\n`).join("");
  const title = `### ${MARK[scenario.verdict]} ${cell(scenario.name)}`;
  return `\n${title}\n\n${cell(scenario.hypothesis)}\n\n${reasons}${table}\n${codeBlock(scenario.command)}\n`;
}

/** Backslash before everything that Markdown or HTML could read as more than text. */
function cell(text: string): string {
  return cutTo(toOneLine(text), CELL_CHARS).replace(/[\\`*_{}[\]<>()#+|~!@$&]/g, "\\$&");
}

function codeBlock(text: string): string {
  const line = toOneLine(text);
  const longestRun = Math.max(2, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return `${fence}sh\n${line}\n${fence}\n`;
}

interface Budget {
  /** Takes the bytes of a text off the budget and says whether they were there. */
  take(text: string): boolean;
}

function spend(bytes: number): Budget {
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
