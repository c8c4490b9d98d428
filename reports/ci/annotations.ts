import type { RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import { toOneLine } from "../plain-text.ts";
import { worstFirst, worstReason } from "../summary/ranking.ts";

/** GitHub shows ten errors and ten warnings of a step and drops the rest without a word. */
const SHOWN_AT_MOST = 10;

/**
 * Renders a run as GitHub's workflow commands, for the standard output of a step: an error for each scenario
 * that failed, a warning for each that was inconclusive. Of more than ten, the tenth says how many are hidden.
 * Empty for a run that passed.
 */
export function renderAnnotations(run: RunRecord): string {
  const ranked = worstFirst(run.scenarios);
  const failed = ranked.filter(({ verdict }) => verdict === "fail");
  const unjudged = ranked.filter(({ verdict }) => verdict === "inconclusive");
  return [...commandsOf("error", failed), ...commandsOf("warning", unjudged)]
    .map((line) => `${line}\n`)
    .join("");
}

function commandsOf(level: "error" | "warning", scenarios: readonly ScenarioRecord[]): string[] {
  const shown = scenarios.length > SHOWN_AT_MOST ? scenarios.slice(0, SHOWN_AT_MOST - 1) : scenarios;
  const hidden = scenarios.length - shown.length;
  const lines = shown.map((scenario) => {
    const message = `${worstReason(scenario) ?? scenario.verdict} Repeat: ${scenario.command}`;
    return command(level, `${scenario.verdict}: ${scenario.name}`, message);
  });
  if (hidden > 0)
    lines.push(command(level, `${hidden} more`, "They are in the report and in the step summary."));
  return lines;
}

function command(level: string, title: string, message: string): string {
  const escapedTitle = escapeData(title).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} title=${escapedTitle}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return toOneLine(text).replaceAll("%", "%25");
}
