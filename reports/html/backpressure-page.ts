import type { BackpressureRecord, JournalHead, StepRecord } from "../../evidence/index.ts";
import { RATE_COLUMNS, stepVerdict } from "../summary/backpressure-summary.ts";
import { backpressureChart, longestWaitMs, waitBar } from "./backpressure-chart.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { ownFile, renderReportPage } from "./report-page.ts";
import { verdictSign } from "./verdict-mark.ts";

const WAITS = ["pool", "locks", "database", "venue", "rest"] as const;

/** Renders a search for a platform's limit as one HTML file. */
export function renderBackpressureHtml(
  search: BackpressureRecord,
  judgedAt: JournalHead | null = null,
): string {
  const { title, why, planted, heldRps, objective } = search;
  const [limit, note] = limitOf(search);
  const held = heldRps === null ? "no rate" : `${heldRps} op/s`;
  return renderReportPage({
    record: search,
    subject: title,
    lead: why,
    notes: html`${planted.map((fault) => html`<p class="quiet">Fault in the lab: ${fault}.</p>`)}`,
    facts: [
      { name: "Held", value: held, note: `P95 below ${objective.latencyMsP95} ms` },
      { name: "Limited by", value: limit, note },
    ],
    sections: html`${plane(search)}${rates(search)}`,
    guide: NOTHING,
    styles: [ownFile("style.css"), ownFile("backpressure.css")],
    scripts: [],
    embedded: NOTHING,
    dataFile: "backpressure.json",
    judgedAt,
  });
}

function plane(search: BackpressureRecord): Markup {
  return html`
<section class="overview" aria-labelledby="plane">
  <div class="section-head"><h2 id="plane">Latency over CPU</h2>
    <p>one point per rate: P95 with the range from P50 to P99, as clients measured it</p></div>
  ${backpressureChart(search)}
  <p class="quiet">The triggers fire in the shaded regions. At the upper left is backpressure: requests wait while the CPU is idle.
    At the upper right is saturation. Triggers read the platform's own histogram, which has only the time within it.</p>
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
    <thead><tr><th></th>${RATE_COLUMNS.map(({ heading }) => html`<th class="number">${heading}</th>`)}
      <th>Where an operation's time is spent on</th></tr></thead>
    <tbody>${steps.map((step) => rateRow(step, cores, longestMs))}</tbody>
  </table></div>
</section>`;
}

function rateRow(step: StepRecord, cores: number, longestMs: number): Markup {
  const { finding } = step;
  const verdict = stepVerdict(step);
  return html`
      <tr>
        <td><span class="mark ${verdict}" title="${finding.kind === "held" ? "" : finding.why}">${verdictSign(verdict)}<span>${finding.kind}</span></span></td>
        ${RATE_COLUMNS.map(({ of }) => html`<td class="number">${of(step, cores)}</td>`)}
        <td class="waits-cell">${waitBar(step, longestMs)}</td>
      </tr>`;
}
