import { formatDuration } from "../../core/index.ts";
import type { RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import { cutTo, toOneLine } from "../plain-text.ts";
import { tookMs } from "../summary/duration.ts";
import { firedPhrase, proofPhrases } from "../summary/proof.ts";
import { worstReason } from "../summary/reasons.ts";
import { notApplicableSentence, notRunSentence } from "../summary/run-summary.ts";
import { countVerdicts, describeCounts, worstFirst } from "../summary/verdict-counts.ts";
import { type TerminalOptions, terminalStyle } from "./terminal-style.ts";

/** With the verdict, what it proves, the repeat command and the path, six scenarios make ten lines. */
const SCENARIO_LINES = 6;
const LONGEST_NAME = 28;

/**
 * Renders a run in ten lines at most: the verdict, the scenarios worst first with their worst reason, what a
 * pass proves, the command that repeats the worst one, and the path of the report. Ends with a line feed.
 */
export function renderTerminal(run: RunRecord, options: TerminalOptions): string {
  const style = terminalStyle(options);
  const ranked = worstFirst(run.scenarios);
  const listed = ranked.slice(0, ranked.length > SCENARIO_LINES ? SCENARIO_LINES - 1 : SCENARIO_LINES);
  const hidden = ranked.slice(listed.length);
  const names = listed.map(({ name }) => cutTo(toOneLine(name), LONGEST_NAME));
  const nameColumns = Math.max(0, ...names.map((name) => name.length));
  const [worst] = ranked;
  const proofs = run.verdict === "pass" ? proofPhrases(run) : [];
  const lines = [
    style.headline(run.verdict, factsOf(run)),
    ...listed.map((scenario, index) =>
      style.marked(scenario.verdict, (names[index] ?? "").padEnd(nameColumns), detailsOf(scenario)),
    ),
    ...(hidden.length === 0
      ? []
      : [`  … and ${hidden.length} more: ${describeCounts(countVerdicts(hidden))}`]),
    ...(run.notRun.length === 0 ? [] : [style.marked("inconclusive", notRunSentence(run), "")]),
    ...notApplicableLines(run).map((line) => `  – ${cutTo(line, options.columns - 4)}`),
    ...(proofs.length === 0 ? [] : [style.labeled("Proved", proofs.join(" · "))]),
    ...style.ending(worst === undefined || worst.verdict === "pass" ? run.command : worst.command),
  ];
  return `${lines.join("\n")}\n`;
}

/** What did not apply, in one line for the run and one for its scenarios together. */
function notApplicableLines(run: RunRecord): readonly string[] {
  const parts = new Set(
    run.scenarios.flatMap(({ notApplicable }) => notApplicable.map(({ needs }) => needs)),
  );
  const inScenarios =
    parts.size === 0 ? [] : [`Not applicable in some scenarios, which need ${[...parts].join(", ")}.`];
  return [...(run.notApplicable.length === 0 ? [] : [notApplicableSentence(run)]), ...inScenarios];
}

function detailsOf(scenario: ScenarioRecord): string {
  const passed = [formatDuration(scenario.durationMs), firedPhrase(scenario)].filter((part) => part !== "");
  return toOneLine(worstReason(scenario) ?? passed.join(" · "));
}

function factsOf(run: RunRecord): string {
  const counts = describeCounts(countVerdicts(run.scenarios));
  return `${toOneLine(run.title)} · ${counts} · ${formatDuration(tookMs(run))} · seed ${run.seed}`;
}
