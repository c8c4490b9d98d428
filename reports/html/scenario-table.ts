import { formatDuration } from "../../core/index.ts";
import type { ScenarioRecord, TriggerRecord } from "../../evidence/index.ts";
import { worstReason } from "../summary/reasons.ts";
import { formatMoment } from "./format.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { scenarioId } from "./scenario-id.ts";
import { commonPeak, sparkline } from "./sparkline.ts";
import { verdictMark } from "./verdict-mark.ts";

/** An overview of all scenarios, in the given order, each linked to its section. */
export function scenarioTable(scenarios: readonly ScenarioRecord[]): Markup {
  if (scenarios.length === 0) return html`<p class="empty">No scenario was run.</p>`;
  const top = commonPeak(scenarios);
  return html`
<section class="overview" aria-labelledby="overview-title">
  <div class="section-head">
    <h2 id="overview-title">Scenarios</h2>
    ${tools(scenarios)}
  </div>
  <div class="scroll">
  <table class="scenarios">
    <thead><tr>
      <th>Verdict</th><th>Scenario and hypothesis</th><th title="All lines have one scale">P95 over time, peak</th><th>Trigger fired after</th>
      <th class="number">Took</th>
    </tr></thead>
    <tbody>${scenarios.map((scenario, index) => row(scenario, index, top))}</tbody>
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

function row(scenario: ScenarioRecord, index: number, top: number): Markup {
  const reason = worstReason(scenario);
  const reasonText = reason === undefined ? NOTHING : html`<p class="reason">${reason}</p>`;
  return html`
      <tr data-scenario="${index}">
        <td>${verdictMark(scenario.verdict)}</td>
        <td>
          <a href="#${scenarioId(scenario, index)}">${scenario.name}</a>
          <p class="hypothesis">${scenario.hypothesis}</p>${reasonText}
        </td>
        <td class="spark-cell">${sparkline(scenario, top)}</td>
        <td>${firings(scenario)}</td>
        <td class="number">${formatDuration(scenario.durationMs)}</td>
      </tr>`;
}

function firings({ triggers }: ScenarioRecord): Markup {
  const awaited = triggers.filter(({ expected, firedAtMs }) => expected === "fires" || firedAtMs !== null);
  if (awaited.length === 0) return html`<span class="quiet">none expected, none fired</span>`;
  const hasDue = awaited.some(({ expected }) => expected === "fires");
  const ordered = awaited.toSorted((a, b) => FIRING_ORDER[a.expected] - FIRING_ORDER[b.expected]);
  return html`<ul class="plain firings">${ordered.map((trigger) => firing(trigger, hasDue))}</ul>`;
}

/** What must not fire and what must fire come first; any other firing trigger is less important. */
const FIRING_ORDER: Readonly<Record<TriggerRecord["expected"], number>> = { quiet: 0, fires: 1, either: 2 };

function firing({ name, expected, firedAtMs, firedAfterFaultMs }: TriggerRecord, hasDue: boolean): Markup {
  if (firedAtMs === null) return html`<li><strong class="bad">did not fire</strong> ${name}</li>`;
  const time = firedAfterFaultMs === null ? `at ${formatMoment(firedAtMs)}` : formatMoment(firedAfterFaultMs);
  switch (expected) {
    case "fires":
      return html`<li><strong>${time}</strong> ${name}</li>`;
    case "quiet":
      return html`<li><strong class="bad">${time}</strong> ${name}, not expected</li>`;
    case "either":
      return html`<li class="quiet">${hasDue ? "also " : ""}${time} ${name}</li>`;
  }
}
