import type { PhaseRecord, SampleColumn, ScenarioRecord } from "../../evidence/index.ts";
import { formatValue } from "./format.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { medianOf, peakOf } from "./series-figures.ts";

/** The charts as figures: median and peak of every series by phase, for readers who cannot see the charts. */
export function phaseFigures({ samples, phases }: ScenarioRecord): Markup {
  if (samples.atMs.length === 0 || phases.length === 0 || samples.columns.length === 0) return NOTHING;
  return html`
<details class="fold">
  <summary>The charts as figures: median and peak by phase</summary>
  <div class="scroll"><table class="figures-table">
    <thead><tr><th>Series</th>${phases.map(heading)}</tr></thead>
    <tbody>${samples.columns.map((column) => row(column, samples.atMs, phases))}</tbody>
  </table></div>
</details>`;
}

function heading({ name }: PhaseRecord): Markup {
  return html`<th class="number">${name.replace("-", " ")}</th>`;
}

function row(column: SampleColumn, atMs: readonly number[], phases: readonly PhaseRecord[]): Markup {
  const cells = phases.map(({ startMs, endMs }) => {
    const values = column.values.filter((value, index): value is number => {
      const time = atMs[index] ?? Number.NaN;
      return value !== null && time >= startMs && time < endMs;
    });
    const peak = peakOf(values);
    if (peak === null) return html`<td class="number quiet">no data</td>`;
    const median = formatValue(medianOf(values), column.unit);
    return html`<td class="number">${median} <span class="quiet">/ ${formatValue(peak.value, column.unit)}</span></td>`;
  });
  return html`<tr><th scope="row">${column.label} <span class="quiet kind">${column.group}</span></th>${cells}</tr>`;
}
