import { counted } from "../../core/index.ts";
import {
  ORDER_STANDINGS,
  type OrderRecord,
  type OrderStep,
  type ScenarioRecord,
} from "../../evidence/index.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

/** This many of the orders without problems are shown; the record beside the report has the others. */
const SHOWN_WITHOUT_TROUBLE = 25;

const TITLES: Readonly<Record<OrderRecord["standing"], string>> = {
  differs: "Books and venue differ",
  unanswered: "A request failed or was not answered; books and venue agree",
  "under-fault": "In progress while a fault was active; books and venue agree",
  undisturbed: "Undisturbed; books and venue agree",
};

/** Finds the fragment with the history of a client order id; undefined when it is not shown. */
export function orderLinks({ orders }: ScenarioRecord, section: string): ReadonlyMap<string, string> {
  const shown = ORDER_STANDINGS.flatMap((standing) => shownOf(orders.listed, standing));
  return new Map(
    shown.flatMap(({ id, platform, venueOrders }) =>
      [platform, ...venueOrders].flatMap((side) =>
        side === null ? [] : [[side.clientOrderId, orderFragment(section, id)] as const],
      ),
    ),
  );
}

const orderFragment = (section: string, id: string): string => `${section}-order-${id.replaceAll(" ", "-")}`;

/**
 * The orders of a standing that the report shows: all on which books and venue differ, and
 * the first of the others.
 */
function shownOf(listed: readonly OrderRecord[], standing: OrderRecord["standing"]): readonly OrderRecord[] {
  const items = listed.filter((each) => each.standing === standing);
  return standing === "differs" ? items : items.slice(0, SHOWN_WITHOUT_TROUBLE);
}

/** The history of each order, grouped by standing, with a search field. */
export function orders({ orders: { listed, omitted } }: ScenarioRecord, section: string): Markup {
  if (listed.length === 0) return NOTHING;
  const total = counted(listed.length + omitted, "order");
  return html`
<section class="orders">
  <div class="section-head">
    <h3>Orders <small>${total}: each as clients, books and venue have it</small></h3>
    <div class="tools" data-needs-script><input type="search" class="order-filter" placeholder="Find an order: id, key, status, error" aria-label="Find an order"></div>
  </div>
  ${ORDER_STANDINGS.map((standing) => group(standing, listed, section))}
  <p class="empty" hidden>No order matches.</p>
  ${omitted > 0 ? html`<p class="quiet">${counted(omitted, "further order")} stood out least and are only counted.</p>` : NOTHING}
</section>`;
}

/** Orders without differences are collapsed. */
function group(standing: OrderRecord["standing"], listed: readonly OrderRecord[], section: string): Markup {
  const count = listed.filter((each) => each.standing === standing).length;
  if (count === 0) return NOTHING;
  const shown = shownOf(listed, standing);
  const rest = count - shown.length;
  return html`
  <details class="fold order-group" ${standing === "differs" ? "open" : ""}>
    <summary>${TITLES[standing]}: ${counted(count, "order")}</summary>
    ${shown.map((each) => order(each, section))}
    ${rest > 0 ? html`<p class="quiet">${counted(rest, "more order")} of this kind in <code>run.json</code>.</p>` : NOTHING}
  </details>`;
}

function order(record: OrderRecord, section: string): Markup {
  const { id, side, quantity, price, symbol, steps, platform, venueOrders, idempotencyKey } = record;
  const terms = `${side} ${quantity ?? "?"} ${symbol}${price === null ? "" : ` at ${price}`}`;
  const startMs = steps[0]?.atMs ?? 0;
  return html`
    <details class="order" id="${orderFragment(section, id)}">
      <summary><code>${id}</code> <span>${terms}</span> <span class="ends">${ends(record)}</span></summary>
      <div class="scroll"><table class="steps">
        <thead><tr><th>Time</th><th>Took</th><th>Who</th><th>What</th></tr></thead>
        <tbody>${steps.map((each) => step(each, startMs))}</tbody>
      </table></div>
      <dl class="sides">
        <div><dt>Client's key</dt><dd>${idempotencyKey ?? "none"}</dd></div>
        <div><dt>Platform's books</dt><dd>${platform === null ? "no such order" : platformText(platform)}</dd></div>
        ${venueOrders.length === 0 ? html`<div><dt>Venue</dt><dd>no such order</dd></div>` : NOTHING}
        ${venueOrders.map((each) => html`<div><dt>Venue</dt><dd>${venueText(each)}</dd></div>`)}
      </dl>
    </details>`;
}

/** How the order ended on both sides, in a few words. */
function ends({ platform, venueOrders, venue }: OrderRecord): Markup {
  const books = platform === null ? "not in the books" : platform.status;
  const statuses = venueOrders.map(({ status }) => status).join(" and ");
  if (venueOrders.length > 1)
    return html`<strong class="bad">${counted(venueOrders.length, "order")} at ${venue}</strong>`;
  if (platform === null && venueOrders.length === 1)
    return html`<strong class="bad">${statuses} at ${venue}, not in the books</strong>`;
  return html`${books}${venueOrders.length === 0 ? `, not at ${venue}` : ""}`;
}

function step({ atMs, endMs, actor, text }: OrderStep, startMs: number): Markup {
  return html`
          <tr class="${actor}">
            <td class="nowrap" title="${secondsOf(atMs - startMs)} after the first step">${secondsOf(atMs)}</td>
            <td class="nowrap">${endMs === null ? "" : `${Math.round(endMs - atMs)} ms`}</td>
            <td>${actor}</td>
            <td class="received">${text}</td>
          </tr>`;
}

const secondsOf = (timeMs: number): string => `${(timeMs / 1_000).toFixed(3)} s`;

function platformText({
  orderId,
  status,
  executedQuantity,
  fills,
}: NonNullable<OrderRecord["platform"]>): string {
  return `${status}, executed ${executedQuantity} in ${counted(fills, "fill")}, order ${orderId}`;
}

function venueText({
  orderId,
  clientOrderId,
  status,
  executedQuantity,
  trades,
  matchedBy,
}: OrderRecord["venueOrders"][number]): string {
  const how =
    matchedBy === "content" ? "; unknown to the platform, with the same content: probably sent again" : "";
  const executed = `executed ${executedQuantity} in ${counted(trades, "trade")}`;
  return `${status}, ${executed}, order ${orderId}, client order id ${clientOrderId}${how}`;
}
