import { formatDuration, type Verdict } from "../../core/index.ts";
import type { RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import { cutTo, toOneLine } from "../plain-text.ts";
import { firedPhrase, proofPhrases } from "../summary/proof.ts";
import {
  countVerdicts,
  describeCounts,
  notRunSentence,
  worstFirst,
  worstReason,
} from "../summary/ranking.ts";

export interface TerminalOptions {
  /** Whether ANSI colours are wanted; the caller knows about NO_COLOR and whether it writes to a terminal. */
  readonly colour: boolean;
  /** Longer lines are cut, except commands and paths, which must be copied whole. */
  readonly columns: number;
  /** Where the report lies, as the reader should open it. */
  readonly reportPath: string;
}

/** With the verdict, what it proves, the repeat command and the path, six scenarios make ten lines. */
const SCENARIO_LINES = 6;

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
const COLOUR: Readonly<Record<Verdict, string>> = { pass: "32", fail: "31", inconclusive: "33" };
const BOLD = "1";
const DIM = "2";

/**
 * Renders a run in ten lines at most: the verdict, the scenarios worst first with their worst reason, what a
 * pass proves, the command that repeats the worst one, and where the report lies. Ends with a line feed.
 */
export function renderTerminal(run: RunRecord, { colour, columns, reportPath }: TerminalOptions): string {
  const paint = (code: string, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const ranked = worstFirst(run.scenarios);
  const shown = ranked.slice(0, ranked.length > SCENARIO_LINES ? SCENARIO_LINES - 1 : SCENARIO_LINES);
  const hidden = ranked.slice(shown.length);
  const nameColumns = Math.min(28, Math.max(0, ...shown.map(({ name }) => toOneLine(name).length)));

  const scenarioLine = (scenario: ScenarioRecord): string => {
    const name = cutTo(toOneLine(scenario.name), nameColumns).padEnd(nameColumns);
    const passed = [formatDuration(scenario.durationMs), firedPhrase(scenario)].filter((part) => part !== "");
    const rest = cutTo(
      toOneLine(worstReason(scenario) ?? passed.join(" · ")),
      Math.max(20, columns - nameColumns - 6),
    );
    const text = scenario.verdict === "pass" ? paint(DIM, rest) : rest;
    return `  ${paint(COLOUR[scenario.verdict], MARK[scenario.verdict])} ${name}  ${text}`;
  };
  const durationMs = Math.max(0, Date.parse(run.endedAt) - Date.parse(run.startedAt)) || 0;
  const counts = describeCounts(countVerdicts(run.scenarios));
  const verdict = run.verdict.toUpperCase();
  const facts = `${toOneLine(run.title)} · ${counts} · ${formatDuration(durationMs)} · seed ${run.seed}`;
  const [worst] = ranked;
  const proofs = run.verdict === "pass" ? proofPhrases(run) : [];
  const command = worst === undefined || worst.verdict === "pass" ? run.command : worst.command;

  return [
    `${paint(`${BOLD};${COLOUR[run.verdict]}`, verdict)}  ${cutTo(facts, columns - verdict.length - 2)}`,
    ...shown.map(scenarioLine),
    ...(hidden.length === 0
      ? []
      : [`  … and ${hidden.length} more: ${describeCounts(countVerdicts(hidden))}`]),
    ...(run.notRun.length === 0 ? [] : [`  ? ${cutTo(toOneLine(notRunSentence(run)), columns - 4)}`]),
    ...(proofs.length === 0 ? [] : [`${paint(DIM, "Proved")}  ${cutTo(proofs.join(" · "), columns - 8)}`]),
    `${paint(DIM, "Repeat")}  ${toOneLine(command)}`,
    `${paint(DIM, "Report")}  ${toOneLine(reportPath)}`,
    "",
  ].join("\n");
}
