import type { DrillRecord, JournalHead, TriggerDrill } from "../../evidence/index.ts";
import { formatSeconds } from "../summary/duration.ts";
import { notApplicableSentence } from "../summary/run-summary.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { ownFile, renderReportPage } from "./report-page.ts";
import { verdictMark } from "./verdict-mark.ts";

/** Renders a drill as one HTML file. */
export function renderDrillHtml(drill: DrillRecord, judgedAt: JournalHead | null = null): string {
  const { title, triggers, quiet } = drill;
  const fired = triggers.filter((row) => row.firedAfterFaultMs !== null).length;
  return renderReportPage({
    record: drill,
    subject: `drill of ${title}`,
    lead: `${fired} of ${triggers.length} alerts fired under the condition that they are for.`,
    notes: notApplicable(drill),
    facts: [
      { name: "Alerts", value: `${fired} of ${triggers.length}`, note: "fired" },
      {
        name: "Quiet run",
        value: quiet.fired.length === 0 ? "none fired" : `${quiet.fired.length} fired`,
        note: `${quiet.verdict}: ${quiet.why}`,
      },
    ],
    sections: alerts(drill),
    guide: NOTHING,
    styles: [ownFile("style.css"), ownFile("drill.css")],
    scripts: [],
    embedded: NOTHING,
    dataFile: "drill.json",
    judgedAt,
  });
}

/** The alerts that were not drilled, since the platform lacks what they need. */
function notApplicable(drill: DrillRecord): Markup {
  const apart = notApplicableSentence(drill);
  return apart === "" ? NOTHING : html`<p class="quiet" id="not-applicable">${apart}</p>`;
}

function alerts(drill: DrillRecord): Markup {
  const longestMs = Math.max(1, ...drill.triggers.map((row) => row.firedAfterFaultMs ?? 0));
  return html`
<section class="overview" aria-labelledby="alerts">
  <div class="section-head"><h2 id="alerts">Alerts</h2><p>seconds of the lab; one is ${drill.environment.timeScale} s of production</p></div>
  <div class="scroll"><table>
    <thead><tr><th>Verdict</th><th>Alert and what was done</th><th>From the fault to the alert</th>
      <th class="number">After fault</th><th class="number">After true</th><th>Fired with it</th></tr></thead>
    <tbody>${drill.triggers.map((row) => rowOf(row, drill, longestMs))}</tbody>
  </table></div>
  <p class="key"><span class="span unseen"></span> done, not true yet
    <span class="span waiting"></span> true without its waiting time, alert still waits</p>
</section>`;
}

function rowOf(row: TriggerDrill, { runs }: DrillRecord, longestMs: number): Markup {
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

function bar({ firedAfterFaultMs, trueAfterFaultMs }: TriggerDrill, longestMs: number): Markup {
  if (firedAfterFaultMs === null || trueAfterFaultMs === null) return NOTHING;
  const share = (durationMs: number): string => ((durationMs / longestMs) * 100).toFixed(1);
  const label = `true after ${seconds(trueAfterFaultMs)}, fired after ${seconds(firedAfterFaultMs)}`;
  return html`<div class="spans" role="img" aria-label="${label}"><span class="span unseen"
    style="width:${share(trueAfterFaultMs)}%"></span><span class="span waiting"
    style="width:${share(firedAfterFaultMs - trueAfterFaultMs)}%"></span></div>`;
}

function seconds(durationMs: number | null): string {
  return durationMs === null ? "–" : formatSeconds(durationMs);
}
