import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { RunRecord } from "../../evidence/index.ts";
import { notRunSentence, worstFirst } from "../summary/ranking.ts";
import { command } from "./command.ts";
import { environment } from "./environment.ts";
import { formatTimestamp } from "./format.ts";
import { guide } from "./guide.ts";
import { embedJson, html, type Markup, NOTHING, trusted } from "./markup.ts";
import { masthead } from "./masthead.ts";
import { scenarioSection } from "./scenario.ts";
import { scenarioTable } from "./scenario-table.ts";

/** Up to this many scenarios all are open; above, only those that are not a pass. */
const OPEN_AT_MOST = 3;

/**
 * Renders a run as one HTML file that needs no network and no server. Scenarios stand worst first; the
 * embedded record keeps the run's order, and `run-order` says which of its scenarios stands where.
 *
 * A content security policy allows only the scripts that are inlined here, by their hash: should a text of
 * the record ever get past the escaping, it still does not run.
 */
export function renderHtml(run: RunRecord): string {
  const ranked = worstFirst(run.scenarios);
  const order = ranked.map((scenario) => run.scenarios.indexOf(scenario));
  const scripts = [asset("uplot/dist/uPlot.iife.min.js"), ownFile("charts.js"), ownFile("page.js")];
  const sections = ranked.map((scenario, index) =>
    scenarioSection(scenario, index, ranked.length <= OPEN_AT_MOST || scenario.verdict !== "pass"),
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${run.verdict.toUpperCase()}: ${run.title}</title>
<style>${trusted(asset("uplot/dist/uPlot.min.css"))}${trusted(ownFile("style.css"))}</style>
</head>
<body>
<main>
${masthead(run)}
${scenarioTable(ranked)}
${notRunNote(run)}
<div class="sections">${sections}</div>
<section class="repeat"><h2>Repeat the run</h2>${command("The whole run", run.command)}</section>
${environment(run.environment)}
${guide()}
<footer>Run ${run.runId}, ${formatTimestamp(run.startedAt)} to ${formatTimestamp(run.endedAt)}.
  The data of this page is embedded in it and filed beside it as <a href="run.json">run.json</a>.</footer>
</main>
<script type="application/json" id="run-record">${embedJson(run)}</script>
<script type="application/json" id="run-order">${embedJson(order)}</script>
${scripts.map(inlineScript)}
</body>
</html>
`;
  return page.html;
}

function notRunNote(run: RunRecord): Markup {
  return run.notRun.length === 0 ? NOTHING : html`<p class="reason" id="not-run">${notRunSentence(run)}</p>`;
}

function inlineScript(source: string): Markup {
  return html`<script>${trusted(source)}</script>`;
}

function policyFor(scripts: readonly string[]): string {
  const hashes = scripts.map((source) => `'sha256-${createHash("sha256").update(source).digest("base64")}'`);
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src ${hashes.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function asset(specifier: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(specifier), "utf8");
}

function ownFile(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}
