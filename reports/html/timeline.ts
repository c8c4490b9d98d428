import type { ScenarioRecord } from "../../evidence/index.ts";
import { formatMoment, formatValue } from "./format.ts";
import { lanes } from "./lanes.ts";
import { html, type Markup } from "./markup.ts";
import { type Panel, panelsOf, type Series } from "./panels.ts";
import { peakOf } from "./series-figures.ts";
import { spanMsOf } from "./time-axis.ts";

const HINT = "Point at it, or focus it and use ← →";

const UNIT_TEXT: Readonly<Record<Panel["leftUnit"], string>> = {
  "1/s": "per second",
  ms: "ms",
  s: "s",
  "%": "%",
};

/**
 * Renders what happened over time: lanes, then charts with the same axis and cursor. `charts.js` draws a
 * chart when it scrolls into view, from the embedded record.
 */
export function timeline(scenario: ScenarioRecord, index: number): Markup {
  const panels = panelsOf(scenario.samples.columns);
  const charts =
    panels.length === 0 || scenario.samples.atMs.length === 0
      ? html`<p class="empty">No samples were taken.</p>`
      : html`${panels.map((panel) => chart(panel, scenario))}`;
  return html`
<section class="timeline" role="group" tabindex="0" data-scenario="${index}" data-span-ms="${spanMsOf(scenario)}"
  aria-label="Timeline of ${scenario.name}. Left and right move the cursor by a sample, with shift by ten.">
  <div class="section-head">
    <h3>Timeline</h3>
    <output class="readout idle" aria-live="polite" data-rest="${HINT}">${HINT}</output>
  </div>
  ${lanes(scenario)}
  ${charts}
</section>`;
}

function chart(panel: Panel, { samples }: ScenarioRecord): Markup {
  const { title, heightPx, leftUnit, rightUnit, thresholds, series } = panel;
  const units =
    rightUnit === null
      ? UNIT_TEXT[leftUnit]
      : `${UNIT_TEXT[leftUnit]} left, ${UNIT_TEXT[rightUnit]} right and dashed`;
  const peaks = series.map((item) => `${item.column.label} ${peakSentence(item, samples.atMs)}`).join("; ");
  return html`
  <figure class="chart" data-left-unit="${leftUnit}" data-right-unit="${rightUnit ?? ""}" data-height="${heightPx}"
    data-thresholds="${JSON.stringify(thresholds)}">
    <figcaption>
      <span class="chart-title">${title} <small>${units}</small></span>
      <span class="legend">${series.map(legendItem)}</span>
    </figcaption>
    <div class="plot" style="min-height:${heightPx}px" role="img" aria-label="${title} over time. ${peaks}."></div>
  </figure>`;
}

function legendItem({ column, columnIndex, scale, color, widthPx }: Series): Markup {
  const peak = peakOf(column.values);
  const rest = peak === null ? "no data" : `max ${formatValue(peak.value, column.unit)}`;
  return html`
        <button type="button" class="key ${scale}" aria-pressed="true" title="Show or hide ${column.label}"
          data-column="${columnIndex}" data-scale="${scale}" data-width="${widthPx}" data-color="${color}"><i
          style="color:var(${color})"></i>${column.label}
          <span class="key-value" data-rest="${rest}">${rest}</span></button>`;
}

function peakSentence({ column }: Series, atMs: readonly number[]): string {
  const peak = peakOf(column.values);
  if (peak === null) return "was never measured";
  return `peaks at ${formatValue(peak.value, column.unit)} at ${formatMoment(atMs[peak.index] ?? 0)}`;
}
