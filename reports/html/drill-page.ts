import { readFileSync } from "node:fs";
import { exitCodeOf, formatDuration } from "../../core/index.ts";
import type { DrillRow, DrillSheet } from "../drill-sheet.ts";
import { formatTimestamp } from "./format.ts";
import { html, type Markup, NOTHING, trusted } from "./markup.ts";
import { verdictMark, verdictSign } from "./verdict-mark.ts";

/** No script at all: what gets past the escaping does not run. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Renders a drill as one HTML file that needs no network, no server and no script. */
export function renderDrillHtml(sheet: DrillSheet): string {
  const longestMs = Math.max(1, ...sheet.triggers.map((row) => row.firedAfterFaultMs ?? 0));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${sheet.verdict.toUpperCase()}: drill of ${sheet.title}</title>
<style>${trusted(ownFile("style.css"))}${trusted(ownFile("drill.css"))}</style>
</head>
<body>
<main>
${head(sheet)}
<section class="overview" aria-labelledby="alerts">
  <div class="section-head"><h2 id="alerts">Alerts</h2><p>seconds of the lab; one is ${sheet.timeScale} s of production</p></div>
  <div class="scroll"><table>
    <thead><tr><th>Verdict</th><th>Alert and what was done</th><th>From the fault to the alert</th>
      <th class="number">After fault</th><th class="number">After true</th><th>Fired with it</th></tr></thead>
    <tbody>${sheet.triggers.map((row) => rowOf(row, sheet, longestMs))}</tbody>
  </table></div>
  <p class="key"><span class="span unseen"></span> done, not true yet
    <span class="span waiting"></span> true without its waiting time, alert still waits</p>
</section>
<section class="repeat"><h2>Repeat the drill</h2><div class="command"><code>${sheet.command}</code></div></section>
<footer>Drill ${sheet.runId}, ${formatTimestamp(sheet.startedAt)} to ${formatTimestamp(sheet.endedAt)}.
  Everything that every rule did is in <a href="drill.json">drill.json</a>.</footer>
</main>
</body>
</html>
`;
  return page.html;
}

function head({ verdict, title, triggers, quiet, startedAt, endedAt, seed }: DrillSheet): Markup {
  const fired = triggers.filter((row) => row.firedAfterFaultMs !== null).length;
  const tookMs = Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) || 0;
  return html`
<header class="masthead ${verdict}">
  <p class="eyebrow"><span class="brand">kanit</span> drill of ${title}</p>
  <h1>${verdictSign(verdict)}<span id="verdict">${verdict.toUpperCase()}</span></h1>
  <p class="lead">${fired} of ${triggers.length} alerts fired when what they are for was made to happen.</p>
  <dl class="facts">
    ${fact("Alerts", `${fired} of ${triggers.length}`, "fired")}
    ${fact("Quiet run", quiet.fired.length === 0 ? "none fired" : `${quiet.fired.length} fired`, `${quiet.verdict}: ${quiet.why}`)}
    ${fact("Took", formatDuration(tookMs), formatTimestamp(startedAt))}
    ${fact("Exit code", String(exitCodeOf(verdict)), `seed ${seed}`)}
  </dl>
</header>`;
}

function fact(name: string, value: string, note: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;
}

function rowOf(row: DrillRow, { runs }: DrillSheet, longestMs: number): Markup {
  const run = runs.find((each) => each.condition === row.condition);
  const what =
    run === undefined
      ? html`<p class="reason">${row.why}</p>`
      : html`<p class="hypothesis">${run.condition}: ${run.summary}</p>`;
  return html`
      <tr>
        <td>${verdictMark(row.verdict)}</td>
        <td><strong>${row.trigger}</strong>${what}</td>
        <td class="span-cell">${bar(row, longestMs)}</td>
        <td class="number">${seconds(row.firedAfterFaultMs)}</td>
        <td class="number">${seconds(row.firedAfterTrueMs)}</td>
        <td>${row.firedWith.length === 0 ? "–" : row.firedWith.join(", ")}</td>
      </tr>`;
}

function bar({ firedAfterFaultMs, trueAfterFaultMs }: DrillRow, longestMs: number): Markup {
  if (firedAfterFaultMs === null || trueAfterFaultMs === null) return NOTHING;
  const share = (durationMs: number): string => ((durationMs / longestMs) * 100).toFixed(1);
  const label = `true after ${seconds(trueAfterFaultMs)}, fired after ${seconds(firedAfterFaultMs)}`;
  return html`<div class="spans" role="img" aria-label="${label}"><span class="span unseen"
    style="width:${share(trueAfterFaultMs)}%"></span><span class="span waiting"
    style="width:${share(firedAfterFaultMs - trueAfterFaultMs)}%"></span></div>`;
}

function seconds(durationMs: number | null): string {
  return durationMs === null ? "–" : `${(durationMs / 1_000).toFixed(1)} s`;
}

function ownFile(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}
