import { formatDuration } from "../../core/index.ts";
import type { ScenarioRecord } from "../../evidence/index.ts";
import { worstReason } from "../ranking.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { scenarioId } from "./scenario-id.ts";
import { sparkline } from "./sparkline.ts";
import { verdictMark } from "./verdict-mark.ts";

/** All scenarios at a glance, in the order given, each linked to its section. */
export function scenarioTable(scenarios: readonly ScenarioRecord[]): Markup {
  if (scenarios.length === 0) return html`<p class="empty">No scenario was run.</p>`;
  return html`
<section class="overview" aria-labelledby="overview-title">
  <div class="section-head">
    <h2 id="overview-title">Scenarios</h2>
    ${tools(scenarios)}
  </div>
  <div class="scroll">
  <table class="scenarios">
    <thead><tr>
      <th>Verdict</th><th>Scenario and hypothesis</th><th>P95 over time</th><th>Trigger fired after</th>
      <th class="number">Took</th>
    </tr></thead>
    <tbody>${scenarios.map(row)}</tbody>
  </table>
  </div>
  <p class="empty" id="no-match" hidden>No scenario matches.</p>
</section>`;
}

function tools(scenarios: readonly ScenarioRecord[]): Markup {
  if (scenarios.length < 2) return NOTHING;
  return html`
    <div class="tools" data-needs-script>
      <input type="search" id="filter" placeholder="Filter, e.g. postgres"
        aria-label="Filter scenarios by name, hypothesis or verdict">
      <button type="button" id="open-all">Open all</button>
      <button type="button" id="close-all">Close all</button>
    </div>`;
}

function row(scenario: ScenarioRecord, index: number): Markup {
  const reason = worstReason(scenario);
  const reasonText = reason === undefined ? NOTHING : html`<p class="reason">${reason}</p>`;
  return html`
      <tr data-scenario="${index}">
        <td>${verdictMark(scenario.verdict)}</td>
        <td>
          <a href="#${scenarioId(scenario, index)}">${scenario.name}</a>
          <p class="hypothesis">${scenario.hypothesis}</p>${reasonText}
        </td>
        <td class="spark-cell">${sparkline(scenario)}</td>
        <td>${firings(scenario)}</td>
        <td class="number">${formatDuration(scenario.durationMs)}</td>
      </tr>`;
}

function firings({ triggers }: ScenarioRecord): Markup {
  const awaited = triggers.filter(({ expected, firedAtMs }) => expected === "fires" || firedAtMs !== null);
  if (awaited.length === 0) return html`<span class="quiet">none due, none fired</span>`;
  const lines = awaited.map(({ name, expected, firedAtMs, firedAfterFaultMs }) => {
    const unexpected = expected === "quiet" ? ", not expected" : "";
    if (firedAtMs === null)
      return html`<li><strong>did not fire</strong> <span class="quiet">${name}</span></li>`;
    const after = firedAfterFaultMs === null ? "before any fault" : formatDuration(firedAfterFaultMs);
    return html`<li><strong>${after}</strong> <span class="quiet">${name}${unexpected}</span></li>`;
  });
  return html`<ul class="plain">${lines}</ul>`;
}
