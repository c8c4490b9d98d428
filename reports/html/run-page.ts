import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { JournalHead, RunRecord } from "../../evidence/index.ts";
import { notApplicableSentence, notRunSentence, summaryOf } from "../summary/run-summary.ts";
import { worstFirst } from "../summary/verdict-counts.ts";
import { guide } from "./guide.ts";
import { embedJson, html, type Markup, NOTHING } from "./markup.ts";
import { ownFile, renderReportPage } from "./report-page.ts";
import { proportions, runFacts } from "./run-header.ts";
import { scenarioSection } from "./scenario.ts";
import { scenarioTable } from "./scenario-table.ts";

/** Up to this many scenarios, all are expanded; above, only those that did not pass. */
const OPEN_AT_MOST = 3;

/**
 * Renders a run of scenarios as one HTML file. The worst scenarios come first; the embedded record keeps the
 * run's order, and `run-order` maps one order to the other.
 */
export function renderHtml(run: RunRecord, judgedAt: JournalHead | null = null): string {
  const ranked = worstFirst(run.scenarios);
  const order = ranked.map((scenario) => run.scenarios.indexOf(scenario));
  return renderReportPage({
    record: run,
    subject: run.title,
    lead: summaryOf(run),
    notes: proportions(run),
    facts: runFacts(run),
    sections: html`
${scenarioTable(ranked)}
${notRunNote(run)}
<div class="sections">${ranked.map((scenario, index) =>
      scenarioSection(scenario, index, ranked.length <= OPEN_AT_MOST || scenario.verdict !== "pass"),
    )}</div>`,
    guide: guide(),
    styles: [asset("uplot/dist/uPlot.min.css"), ownFile("style.css")],
    scripts: [asset("uplot/dist/uPlot.iife.min.js"), ownFile("charts.js"), ownFile("page.js")],
    embedded: html`<script type="application/json" id="run-record">${embedJson(run)}</script>
<script type="application/json" id="run-order">${embedJson(order)}</script>`,
    dataFile: "run.json",
    judgedAt,
  });
}

function notRunNote(run: RunRecord): Markup {
  const notRun =
    run.notRun.length === 0 ? NOTHING : html`<p class="reason" id="not-run">${notRunSentence(run)}</p>`;
  const apart = notApplicableSentence(run);
  return html`${notRun}${apart === "" ? NOTHING : html`<p class="quiet" id="not-applicable">${apart}</p>`}`;
}

function asset(specifier: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(specifier), "utf8");
}
