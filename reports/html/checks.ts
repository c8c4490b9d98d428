import type { CheckRecord } from "../../evidence/index.ts";
import { judgedByPhrase } from "../summary/reasons.ts";
import { countVerdicts, describeCounts, worstFirst } from "../summary/verdict-counts.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { verdictMark } from "./verdict-mark.ts";

const LINKED_ORDERS = 6;

/**
 * All checks, worst first, with what was expected and what was received. `links` leads from a client order id
 * to the history of its order.
 */
export function checks(items: readonly CheckRecord[], links: ReadonlyMap<string, string>): Markup {
  if (items.length === 0)
    return html`<section><h3>Checks</h3><p class="empty">Nothing was checked.</p></section>`;
  return html`
<section>
  <h3>Checks <small>${describeCounts(countVerdicts(items))}</small></h3>
  <div class="scroll"><table class="checks">
    <thead><tr><th>Verdict</th><th>Check</th><th>Expected</th><th>Received</th></tr></thead>
    <tbody>${worstFirst(items).map((each) => row(each, links))}</tbody>
  </table></div>
</section>`;
}

function row(check: CheckRecord, links: ReadonlyMap<string, string>): Markup {
  const { kind, name, verdict, expected, received } = check;
  return html`
      <tr class="${verdict}">
        <td>${verdictMark(verdict)}</td>
        <td>${name} <span class="quiet kind">${kind}</span></td>
        <td>${expected}</td>
        <td class="received">${received} <span class="quiet">${judgedByPhrase(check)}</span>${histories(check, links)}</td>
      </tr>`;
}

/** Links to the histories of the first orders that have a problem. */
function histories({ orders }: CheckRecord, links: ReadonlyMap<string, string>): Markup {
  const linked = orders.flatMap((id) => {
    const fragment = links.get(id);
    return fragment === undefined ? [] : [html` <a href="#${fragment}"><code>${id}</code></a>`];
  });
  if (linked.length === 0) return NOTHING;
  return html`<div class="histories">Histories:${linked.slice(0, LINKED_ORDERS)}</div>`;
}
