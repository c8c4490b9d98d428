import type { ScenarioRecord, TriggerRecord } from "../../evidence/index.ts";
import { worstFirst } from "../summary/verdict-counts.ts";
import { firingText } from "./lanes.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { activityOf } from "./trigger-activity.ts";
import { verdictMark } from "./verdict-mark.ts";

/** The active triggers with their rules; the quiet ones are collapsed. */
export function triggers(scenario: ScenarioRecord): Markup {
  if (scenario.triggers.length === 0) return NOTHING;
  const { active, quiet } = activityOf(scenario);
  const count = `${quiet.length}${active.length === 0 ? "" : " more"} did not fire`;
  const folded =
    quiet.length === 0
      ? NOTHING
      : html`
  <details class="fold"><summary>${count}</summary>${table(quiet)}</details>`;
  return html`<section><h3>Triggers</h3>${active.length === 0 ? NOTHING : table(active)}${folded}</section>`;
}

function table(items: readonly TriggerRecord[]): Markup {
  return html`
  <div class="scroll"><table>
    <thead><tr><th>Verdict</th><th>Trigger and rule</th><th>Expected</th><th>Result</th></tr></thead>
    <tbody>${worstFirst(items).map(row)}</tbody>
  </table></div>`;
}

function row(trigger: TriggerRecord): Markup {
  const { name, severity, expression, summary, expected, verdict } = trigger;
  return html`
      <tr>
        <td>${verdictMark(verdict)}</td>
        <td><strong>${name}</strong> <span class="quiet kind">${severity}</span>
          <p class="hypothesis">${summary}</p><code class="rule">${expression}</code></td>
        <td class="nowrap">${EXPECTED[expected]}</td>
        <td>${firingText(trigger)}</td>
      </tr>`;
}

const EXPECTED: Readonly<Record<TriggerRecord["expected"], string>> = {
  fires: "fires",
  quiet: "stays quiet",
  either: "may fire",
};
