import type { CheckRecord } from "../../evidence/index.ts";
import { judgedByPhrase } from "../summary/reasons.ts";
import { countVerdicts, describeCounts, worstFirst } from "../summary/verdict-counts.ts";
import { html, type Markup } from "./markup.ts";
import { verdictMark } from "./verdict-mark.ts";

/** Everything that was checked, worst first, with what was expected and what came. */
export function checks(items: readonly CheckRecord[]): Markup {
  if (items.length === 0)
    return html`<section><h3>Checks</h3><p class="empty">Nothing was checked.</p></section>`;
  return html`
<section>
  <h3>Checks <small>${describeCounts(countVerdicts(items))}</small></h3>
  <div class="scroll"><table class="checks">
    <thead><tr><th>Verdict</th><th>Check</th><th>Expected</th><th>Received</th></tr></thead>
    <tbody>${worstFirst(items).map(row)}</tbody>
  </table></div>
</section>`;
}

function row(check: CheckRecord): Markup {
  const { kind, name, verdict, expected, received } = check;
  return html`
      <tr class="${verdict}">
        <td>${verdictMark(verdict)}</td>
        <td>${name} <span class="quiet kind">${kind}</span></td>
        <td>${expected}</td>
        <td class="received">${received} <span class="quiet">${judgedByPhrase(check)}</span></td>
      </tr>`;
}
