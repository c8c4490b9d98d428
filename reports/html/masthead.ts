import { exitCodeOf, formatDuration, type Verdict } from "../../core/index.ts";
import type { RunRecord } from "../../evidence/index.ts";
import { countVerdicts, describeCounts, summaryOf } from "../summary/ranking.ts";
import { countOf, formatCommit, formatNumber, formatTimestamp } from "./format.ts";
import { html, type Markup } from "./markup.ts";
import { verdictSign } from "./verdict-mark.ts";

/** The verdict, large, with one sentence and the facts that tell what it is worth. */
export function masthead(run: RunRecord): Markup {
  return html`
<header class="masthead ${run.verdict}">
  <p class="eyebrow"><span class="brand">kanit</span> ${run.title}</p>
  <h1>${verdictSign(run.verdict)}<span id="verdict">${run.verdict.toUpperCase()}</span></h1>
  <p class="lead">${summaryOf(run)}</p>
  ${proportions(run)}
  ${keyFacts(run)}
</header>`;
}

function proportions(run: RunRecord): Markup {
  const counts = countVerdicts(run.scenarios);
  const parts = (["fail", "inconclusive", "pass"] as const satisfies readonly Verdict[])
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => html`<span class="part ${verdict}" style="flex-grow:${counts[verdict]}"></span>`);
  return html`<div class="proportions" role="img" aria-label="${describeCounts(counts)}">${parts}</div>`;
}

function keyFacts(run: RunRecord): Markup {
  const { scenarios, environment } = run;
  const durationMs = Math.max(0, Date.parse(run.endedAt) - Date.parse(run.startedAt)) || 0;
  const faults = scenarios.flatMap((scenario) => scenario.faults);
  const bitten = faults.filter(({ bite }) => bite.kind === "counted" && bite.connections > 0).length;
  const awaited = scenarios.flatMap(({ triggers }) =>
    triggers.filter(({ expected }) => expected === "fires"),
  );
  const fired = awaited.filter(({ firedAtMs }) => firedAtMs !== null).length;
  const sum = (pick: (scenario: RunRecord["scenarios"][number]) => number): number =>
    scenarios.reduce((total, scenario) => total + pick(scenario), 0);
  const windows = environment.timeScale === 1 ? "" : `, rule windows ÷ ${environment.timeScale}`;
  const meaning = run.verdict === "pass" ? "may release" : "does not release";
  const total = sum(({ operations }) => operations.total);
  const unknown = sum(({ operations }) => operations.unknown);
  return html`
  <dl class="facts">
    ${fact("Scenarios", formatNumber(scenarios.length), describeCounts(countVerdicts(scenarios), "none was run"))}
    ${fact("Operations", formatNumber(total), `${countOf(unknown, "outcome")} never learned`)}
    ${fact("Faults", formatNumber(faults.length), `${bitten} seen to bite`)}
    ${fact("Triggers due", formatNumber(awaited.length), `${fired} fired${windows}`)}
    ${fact("Took", formatDuration(durationMs), formatTimestamp(run.startedAt))}
    ${fact("Seed", String(run.seed), environment.market)}
    ${fact("Ran on", environment.runtime, `commit ${formatCommit(environment.commit)}`)}
    ${fact("Exit code", String(exitCodeOf(run.verdict)), meaning)}
  </dl>`;
}

function fact(name: string, value: string, note: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;
}
