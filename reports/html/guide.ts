import { html, type Markup } from "./markup.ts";
import { verdictMark } from "./verdict-mark.ts";

/** A short guide to the report. */
export function guide(): Markup {
  return html`
<section class="guide" aria-labelledby="guide-title">
  <h2 id="guide-title">How to read this</h2>
  <dl>
    <div><dt>${verdictMark("pass")}</dt><dd>It was measured, and holds.</dd></div>
    <div><dt>${verdictMark("fail")}</dt>
      <dd>It was measured, and does not hold. A fail is never overwritten.</dd></div>
    <div><dt>${verdictMark("inconclusive")}</dt><dd>The measurement allows no conclusion: no data,
      too few samples, a fault without effect. It never releases.</dd></div>
    <div><dt>Trigger states</dt><dd class="states">
      <span><i class="state inactive"></i>inactive</span>
      <span><i class="state pending"></i>pending: true, but not for long enough</span>
      <span><i class="state firing"></i>firing: would roll back</span>
      <span><i class="state no-data"></i>no data</span></dd></div>
    <div><dt>Shaded bands</dt><dd>The windows in which a fault was injected.
      A line has a gap where there was nothing to measure.</dd></div>
    <div><dt>Trigger times</dt><dd>Rule windows are divided by the time scale (see Environment): a trigger
      that needs minutes in production fires within seconds here.</dd></div>
    <div><dt>Latency</dt><dd>Measured from the planned start of a request, so it contains the whole of a stall.</dd></div>
    <div><dt>Unknown</dt><dd>Operations whose outcome the client does not know.
      The invariants check what happened to them.</dd></div>
  </dl>
</section>`;
}
