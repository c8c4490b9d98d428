import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import { BACKPRESSURE_COLUMNS } from "../terminal/backpressure-table.ts";
import { backpressureChart, longestWaitMs, waitBar } from "./backpressure-chart.ts";
import { html, type Markup } from "./markup.ts";
import { renderSheetPage } from "./sheet-page.ts";
import { verdictSign } from "./verdict-mark.ts";

const WAITS = ["pool", "locks", "database", "venue", "rest"] as const;
const SIGNS = { held: "pass", broken: "fail", undecided: "inconclusive" } as const;

/** Renders a search for a platform's limit as one HTML file. */
export function renderBackpressureHtml(sheet: BackpressureRecord): string {
  const { title, why, planted, heldRps, objective } = sheet;
  const [limit, note] = limitOf(sheet);
  const held = heldRps === null ? "no rate" : `${heldRps} op/s`;
  return renderSheetPage({
    ...sheet,
    subject: title,
    lead: why,
    notes: planted.map((fault) => `Done to the lab: ${fault}.`),
    style: "backpressure.css",
    data: "backpressure.json",
    facts: [
      { name: "Held", value: held, note: `P95 below ${objective.latencyMsP95} ms` },
      { name: "Limited by", value: limit, note },
    ],
    sections: html`${plane(sheet)}${rates(sheet)}`,
  });
}

function plane(sheet: BackpressureRecord): Markup {
  return html`
<section class="overview" aria-labelledby="plane">
  <div class="section-head"><h2 id="plane">Latency over CPU</h2>
    <p>a point for each rate: P95, from P50 to P99, as the clients saw it</p></div>
  ${backpressureChart(sheet)}
  <p class="quiet">Where the triggers fire is shaded. Up at the left is backpressure: requests wait while the CPU has time.
    Up at the right is saturation. Triggers read the platform's own histogram, which has no time outside it.</p>
</section>`;
}

function limitOf({ outcome }: BackpressureRecord): readonly [limit: string, note: string] {
  switch (outcome.kind) {
    case "limited":
      return outcome.limit.kind === "named"
        ? [outcome.limit.limit, `${outcome.limit.nature} at ${outcome.rateRps} op/s`]
        : ["unexplained", `at ${outcome.rateRps} op/s`];
    case "unlimited":
      return ["nothing", `up to ${outcome.rateRps} op/s`];
    case "undecided":
      return ["undecided", "see above"];
  }
}

function rates({ steps, cores }: BackpressureRecord): Markup {
  const longestMs = longestWaitMs(steps);
  return html`
<section class="overview" aria-labelledby="rates">
  <div class="section-head"><h2 id="rates">Rates</h2><p class="legend-row">${WAITS.map(
    (name) => html`<span><i class="wait ${name}"></i>${name === "rest" ? "all else" : name}</span>`,
  )}</p></div>
  <div class="scroll"><table class="rates">
    <thead><tr><th></th>${BACKPRESSURE_COLUMNS.map(({ heading }) => html`<th class="number">${heading}</th>`)}
      <th>What an operation's time is spent on</th></tr></thead>
    <tbody>${steps.map((step) => rateRow(step, cores, longestMs))}</tbody>
  </table></div>
</section>`;
}

function rateRow(step: StepRecord, cores: number, longestMs: number): Markup {
  const { finding } = step;
  return html`
      <tr>
        <td><span class="mark ${SIGNS[finding.kind]}" title="${finding.kind === "held" ? "" : finding.why}">${verdictSign(SIGNS[finding.kind])}<span>${finding.kind}</span></span></td>
        ${BACKPRESSURE_COLUMNS.map(({ of }) => html`<td class="number">${of(step, cores)}</td>`)}
        <td class="waits-cell">${waitBar(step, longestMs)}</td>
      </tr>`;
}
