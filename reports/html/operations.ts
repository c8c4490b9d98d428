import {
  describeRouteFailures,
  type LatencyRecord,
  type OperationsRecord,
  type RouteRecord,
} from "../../evidence/index.ts";
import { formatNumber, formatValue } from "./format.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

/** The outcomes of the clients' operations, and their latencies from the planned start. */
export function operations({ rateRps, total, latencyMs, routes, ...ended }: OperationsRecord): Markup {
  const parts = (["succeeded", "rejected", "failed", "unknown"] as const).map((name) => ({
    name,
    count: ended[name],
  }));
  const bar = parts
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => html`<span class="part ${name}" style="flex-grow:${count}"></span>`);
  const rate = formatValue(rateRps, "1/s");
  const text = parts.map(({ name, count }) => `${formatNumber(count)} ${name}`).join(", ");
  return html`
<section class="operations">
  <h3>Operations <small>${formatNumber(total)} planned at ${rate}, timed from their planned start</small></h3>
  <div class="proportions" role="img" aria-label="${text}">${bar}</div>
  <dl class="figures">
    ${parts.map(ending)}
    ${LATENCIES.map(([label, name]) => figure(label, formatValue(latencyMs[name], "ms")))}
  </dl>
  ${failures(routes)}
</section>`;
}

/** Which calls failed and how, by route. */
function failures(routes: readonly RouteRecord[]): Markup {
  const lines = describeRouteFailures(routes);
  if (lines.length === 0) return NOTHING;
  return html`
  <details class="fold"><summary>Failures by route (${lines.length})</summary>
  <ul class="plain">${lines.map((line) => html`<li>${line}</li>`)}</ul></details>`;
}

const LATENCIES = [
  ["P50", "p50"],
  ["P95", "p95"],
  ["P99", "p99"],
  ["max", "max"],
] as const satisfies readonly (readonly [string, keyof LatencyRecord])[];

function ending({ name, count }: { readonly name: string; readonly count: number }): Markup {
  return html`
    <div class="${count === 0 ? "zero" : name}">
      <dt><i class="part ${name}"></i>${name}</dt><dd>${formatNumber(count)}</dd>
    </div>`;
}

function figure(label: string, value: string): Markup {
  return html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
}
