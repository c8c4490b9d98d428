import type { FaultBite, Verdict } from "../../core/index.ts";
import { counted } from "../../core/index.ts";
import type { RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import { countVerdicts, describeCounts } from "../summary/verdict-counts.ts";
import { formatNumber } from "./format.ts";
import { html, type Markup } from "./markup.ts";
import type { HeaderFact } from "./page-header.ts";

/** A bar with the share of each verdict among the scenarios. */
export function proportions({ scenarios }: RunRecord): Markup {
  const counts = countVerdicts(scenarios);
  const parts = (["fail", "inconclusive", "pass"] as const satisfies readonly Verdict[])
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => html`<span class="part ${verdict}" style="flex-grow:${counts[verdict]}"></span>`);
  return html`<div class="proportions" role="img" aria-label="${describeCounts(counts)}">${parts}</div>`;
}

/** The basis of a run's verdict: scenarios, operations, faults and the triggers that had to fire. */
export function runFacts({ scenarios, environment }: RunRecord): readonly HeaderFact[] {
  const faults = scenarios.flatMap((scenario) => scenario.faults);
  const bitten = faults.filter(({ bite }) => hadEffect(bite)).length;
  const due = scenarios.flatMap(({ triggers }) => triggers.filter(({ expected }) => expected === "fires"));
  const fired = due.filter(({ firedAtMs }) => firedAtMs !== null).length;
  const sum = (pick: (scenario: ScenarioRecord) => number): number =>
    scenarios.reduce((total, scenario) => total + pick(scenario), 0);
  const windows = environment.timeScale === 1 ? "" : `, rule windows ÷ ${environment.timeScale}`;
  const unknown = sum(({ operations }) => operations.unknown);
  return [
    {
      name: "Scenarios",
      value: formatNumber(scenarios.length),
      note: describeCounts(countVerdicts(scenarios), "none was run"),
    },
    {
      name: "Operations",
      value: formatNumber(sum(({ operations }) => operations.total)),
      note: `${counted(unknown, "outcome")} unknown`,
    },
    { name: "Faults", value: formatNumber(faults.length), note: `${bitten} with an effect` },
    { name: "Expected triggers", value: formatNumber(due.length), note: `${fired} fired${windows}` },
  ];
}

function hadEffect(bite: FaultBite): boolean {
  if (bite.kind === "lasted") return bite.durationMs > 0;
  return bite.kind === "counted" && bite.connections > 0;
}
