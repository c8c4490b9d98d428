import type { FiledRecord } from "../../evidence/index.ts";
import { formatBytes, formatCommit } from "./format.ts";
import { html, type Markup } from "./markup.ts";

/** What was tested and where, so that a reader can judge the figures. */
export function environment({ platform, environment: record }: FiledRecord): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ["Platform", platform],
    ["Runtime", record.runtime],
    ["kanit", `${record.kanitVersion}, commit ${formatCommit(record.commit)}`],
    ["Node", record.node],
    ["Machine", `${record.cpuCount} × ${record.cpuModel}, ${formatBytes(record.memoryBytes)}, ${record.os}`],
    ["Postgres", record.postgres],
    ["pgBouncer", record.pgbouncer],
    ["Fault proxy", record.proxy],
    ["Market", `${record.market}, at ${record.tapeSpeed}× speed`],
    ["Time scale", timeScaleText(record.timeScale)],
  ];
  return html`
<section class="environment" aria-labelledby="environment-title">
  <h2 id="environment-title">Environment</h2>
  <dl class="pairs">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>`;
}

function timeScaleText(timeScale: number): string {
  if (timeScale === 1) return "1: trigger windows are those of production";
  return `${timeScale}: one second in the lab is ${timeScale} s of production in trigger windows`;
}
