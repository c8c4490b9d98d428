import type { FaultBite } from "../../core/index.ts";
import { counted } from "../../core/index.ts";
import type { FaultRecord } from "../../evidence/index.ts";
import { formatBytes, formatMoment } from "./format.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

/** What was injected, for how long, and whether it affected anything. */
export function faults(items: readonly FaultRecord[]): Markup {
  if (items.length === 0) return NOTHING;
  return html`
<section>
  <h3>Faults</h3>
  <div class="scroll"><table>
    <thead><tr><th>Fault</th><th>Link</th><th>Injected</th><th>Healed</th><th>What it affected</th></tr></thead>
    <tbody>${items.map(row)}</tbody>
  </table></div>
</section>`;
}

function row({ label, kind, link, injectedAtMs, healedAtMs, bite }: FaultRecord): Markup {
  const healed =
    healedAtMs === null
      ? html`<strong class="bad">never</strong>`
      : html`${formatMoment(healedAtMs)} <span class="quiet">after ${formatMoment(healedAtMs - injectedAtMs)}</span>`;
  return html`
      <tr>
        <td>${label} <span class="quiet kind">${kind}</span></td>
        <td class="nowrap"><code>${link}</code></td>
        <td class="nowrap">${formatMoment(injectedAtMs)}</td>
        <td class="nowrap">${healed}</td>
        <td>${biteText(bite)}</td>
      </tr>`;
}

function biteText(bite: FaultBite): Markup {
  if (bite.kind === "unknown") return html`<span class="quiet">unknown: ${bite.why}</span>`;
  if (bite.kind === "lasted") return html`it ${bite.state} for ${formatMoment(bite.durationMs)}`;
  const { connections, bytes, messages } = bite;
  if (connections === 0 || messages === 0)
    return html`<strong class="bad">nothing</strong>, so it proves nothing`;
  // A link that is down, or held connections, transfer nothing, so their bytes are not shown.
  const carried = bytes === 0 ? "" : `, ${formatBytes(bytes)}`;
  const spoken = messages === null ? "" : `, ${counted(messages, "message")}`;
  return html`${counted(connections, "connection")}${spoken}${carried}`;
}
