import { formatDuration } from "../../core/index.ts";
import type { ScenarioRecord } from "../../evidence/index.ts";
import { reasonsOf } from "../summary/reasons.ts";
import { checks } from "./checks.ts";
import { command } from "./command.ts";
import { faults } from "./faults.ts";
import { formatTimestamp } from "./format.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { operations } from "./operations.ts";
import { orderLinks, orders } from "./orders.ts";
import { phaseFigures } from "./phase-figures.ts";
import { scenarioId } from "./scenario-id.ts";
import { timeline } from "./timeline.ts";
import { triggers } from "./triggers.ts";
import { verdictMark } from "./verdict-mark.ts";

/** Enough of a digest to compare it by eye. */
const SHORT_DIGEST = 12;

/** One experiment from hypothesis to repeat command. `index` is its position in the run record. */
export function scenarioSection(scenario: ScenarioRecord, index: number, isOpen: boolean): Markup {
  const { verdict, name, hypothesis, durationMs, startedAt, seed } = scenario;
  const section = scenarioId(scenario, index);
  return html`
<details class="scenario ${verdict}" id="${section}" ${isOpen ? "open" : ""}>
  <summary>
    <h2>${name}</h2>${verdictMark(verdict)}<span class="quiet">${formatDuration(durationMs)}</span>
  </summary>
  <div class="body">
    <p class="claim"><span class="claim-label">Hypothesis</span>${hypothesis}</p>
    ${reasons(scenario)}
    ${operations(scenario.operations)}
    ${timeline(scenario, index)}
    ${phaseFigures(scenario)}
    ${checks(scenario.checks, orderLinks(scenario, section))}
    ${orders(scenario, section)}
    ${triggers(scenario)}
    ${notApplicable(scenario)}
    ${faults(scenario.faults)}
    <section>
      <h3>Repeat it</h3>
      ${command("This scenario alone", scenario.command)}
      <p class="quiet">${sourceOf(scenario)}Seed ${seed}, started ${formatTimestamp(startedAt)}.${logs(scenario)}</p>
    </section>
  </div>
</details>`;
}

function reasons(scenario: ScenarioRecord): Markup {
  const items = reasonsOf(scenario);
  if (items.length === 0) return NOTHING;
  const title = scenario.verdict === "fail" ? "Why it failed" : "Why it could not be judged";
  const list = items.map(
    ({ name, received, expected }) =>
      html`<li><strong>${name}</strong>: ${received} <span class="quiet">(expected ${expected})</span></li>`,
  );
  return html`<div class="reasons ${scenario.verdict}"><h3>${title}</h3><ol>${list}</ol></div>`;
}

/** What the platform was not asked, by what it would have to have for it. */
function notApplicable({ notApplicable: items }: ScenarioRecord): Markup {
  if (items.length === 0) return NOTHING;
  const rows = [...Map.groupBy(items, ({ needs }) => needs)].map(
    ([needs, group]) => html`<li>${group.map(({ what }) => what).join(", ")}: needs ${needs}</li>`,
  );
  return html`<section><h3>Not applicable to this platform</h3>
<p class="quiet">None of these was checked, and none counts as passed.</p><ul>${rows}</ul></section>`;
}

function logs({ logs: items }: ScenarioRecord): Markup {
  if (items.length === 0) return NOTHING;
  const links = items.map(({ process, path }) => html` <a href="${relativeHref(path)}">${process}</a>`);
  return html` Logs:${links}`;
}

/** The user's file that the scenario comes from. */
function sourceOf({ source }: ScenarioRecord): Markup {
  if (source.kind !== "file") return NOTHING;
  return html`From <code>${source.path}</code>, SHA-256 <code>${source.sha256.slice(0, SHORT_DIGEST)}…</code>. `;
}

/** Only ever a file below the report: a path that reads like a scheme (`javascript:`) is made relative too. */
function relativeHref(path: string): string {
  return `./${path.split("/").map(encodeURIComponent).join("/")}`;
}
