import { randomUUID } from "node:crypto";
import {
  type Answer,
  askOnce,
  isOver,
  type OrderRequest,
  orderStateOf,
  type PlacedOrder,
} from "../../api/index.ts";
import type { Lab } from "../../lab/index.ts";
import { orderQuantity } from "../../load/index.ts";
import type { TradingVenueName } from "../../venues/index.ts";
import { Decimal } from "../observation/decimal.ts";
import { readBestPrices, readVenueBooks } from "../observation/venue-books.ts";
import { type CheckedPlatform, SOON_MS, soon } from "./checked-platform.ts";
import {
  answerInWords,
  broken,
  fixOf,
  notApplicable,
  type PlatformFinding,
  works,
} from "./platform-finding.ts";

/** So far behind the market that it rests, and within the bands of ordinary risk limits. */
export const RESTING = "0.995";
const MARKETABLE = "1.005";

/** An order that was placed to check a platform, and what was found. */
export interface CheckedOrders {
  readonly findings: readonly PlatformFinding[];
  readonly placed: readonly PlacedOrder[];
}

/** Places, repeats, looks up, cancels and fills orders at a venue, each as the definition says. */
export async function checkOrders(checked: CheckedPlatform, venue: TradingVenueName): Promise<CheckedOrders> {
  const part = ["api", checked.platform.api.driver === null ? "place" : "driver"];
  const { order: resting, key, answer: first } = await placeNear(checked, venue, "bid", RESTING);
  const id = textOf(first.said.id);
  if (first.outcome !== "succeeded" || id === null) {
    const found = `${venue}: an order came to ${answerInWords(first)}`;
    if (first.outcome !== "succeeded")
      return { findings: [broken(part, found, fixOf(first, part))], placed: [] };
    return { findings: [broken(part, `${found}, without an id`, "read `id` from the answer")], placed: [] };
  }
  const placed: PlacedOrder = { id, key, order: resting };
  const findings = [
    works(part, `${venue}: placed order ${id}`),
    await arrival(checked, venue, resting),
    ...(await repetition(checked, venue, placed)),
    await query(checked, placed),
    await cancel(checked, placed),
  ];
  const filled = await fill(checked, venue);
  return { findings: [...findings, ...filled.findings], placed: [placed, ...filled.placed] };
}

interface Attempt {
  readonly order: OrderRequest;
  readonly key: string;
  readonly answer: Answer;
}

/** Places an order near the market, again while the platform's limits refuse it: there may be no quotes yet. */
export async function placeNear(
  checked: CheckedPlatform,
  venue: string,
  touch: "bid" | "ask",
  factor: string,
): Promise<Attempt> {
  const place = async (): Promise<Attempt> => {
    const order = await orderAt(checked.lab, venue, touch, factor);
    const key = randomUUID();
    return { order, key, answer: await askOnce(checked.api, { kind: "place", order, key, account: null }) };
  };
  const placed = await soon(checked, SOON_MS, async () => {
    const attempt = await place();
    return attempt.answer.error === "risk_block" ? null : attempt;
  });
  return placed ?? place();
}

/** An order near the market, as the venue itself quotes it. */
export async function orderAt(
  { symbols: [traded], addresses }: Pick<Lab, "symbols" | "addresses">,
  venue: string,
  touch: "bid" | "ask",
  factor: string,
): Promise<OrderRequest> {
  const books = await readBestPrices(addresses.venueControl);
  const price = new Decimal(books.find(({ symbol }) => symbol === traded)?.[touch] ?? 1).times(factor);
  return {
    venue,
    symbol: traded,
    side: "buy",
    type: "limit",
    quantity: orderQuantity(traded, { quantity: 0.5 }),
    price: price.toFixed(2),
  };
}

async function arrival(
  checked: CheckedPlatform,
  venue: TradingVenueName,
  order: OrderRequest,
): Promise<PlatformFinding> {
  const part = ["venues"];
  const arrived = await soon(checked, SOON_MS, async () => {
    const { orders } = await readVenueBooks(checked.lab.addresses.venueControl, venue);
    return orders[0] ?? null;
  });
  if (arrived === null)
    return broken(
      part,
      `${venue}: no order arrived at its stub`,
      `take its address and keys from the environment: docs/venues.md`,
    );
  const differs = (["quantity", "price"] as const).filter((name) => !same(arrived[name], order[name]));
  if (arrived.side !== order.side || differs.length > 0) {
    const came = `${arrived.side} ${arrived.quantity} at ${arrived.price ?? "the market"}`;
    const asked = `${order.side} ${order.quantity} at ${order.price}`;
    return broken(
      part,
      `${venue}: ${came} arrived, asked was ${asked}`,
      "correct what is handed over for the order",
    );
  }
  return works(part, `${venue}: the order arrived as asked, signed with the lab's key`);
}

async function repetition(
  { api, lab, platform }: CheckedPlatform,
  venue: TradingVenueName,
  { id, key, order }: PlacedOrder,
): Promise<readonly PlatformFinding[]> {
  const part = ["api", platform.api.driver === null ? "place" : "driver"];
  const again = await askOnce(api, { kind: "place", order, key, account: null });
  const { orders } = await readVenueBooks(lab.addresses.venueControl, venue);
  const findings: PlatformFinding[] = [];
  if (orders.length > 1)
    findings.push(
      broken(
        part,
        `${venue}: the same key placed ${orders.length} orders`,
        "hand over `key`, by which the platform knows a repetition",
      ),
    );
  else if (textOf(again.said.id) === id)
    findings.push(works(part, `${venue}: the same key answers with the same order`));
  else
    findings.push(
      broken(
        part,
        `${venue}: the same key came to ${answerInWords(again)}`,
        `answer a repetition with the first order, ${id}`,
      ),
    );
  const clash = await askOnce(api, {
    kind: "place",
    order: { ...order, quantity: orderQuantity(order.symbol, { quantity: 0.9 }) },
    key,
    account: null,
  });
  findings.push(
    clash.error === "idempotency_conflict"
      ? works(["api", "errors"], "a key with another order is an idempotency_conflict")
      : broken(
          ["api", "errors"],
          `a key with another order came to ${answerInWords(clash)}`,
          "refuse it, and name the platform's word under errors.idempotency_conflict",
        ),
  );
  return findings;
}

async function query(checked: CheckedPlatform, placed: PlacedOrder): Promise<PlatformFinding> {
  const part = ["api", checked.platform.api.driver === null ? "query" : "driver"];
  const answer = await askOnce(checked.api, { kind: "query", placed });
  if (answer.outcome !== "succeeded") return broken(part, answerInWords(answer), fixOf(answer, part));
  const status = textOf(answer.said.status);
  if (status === null) return broken(part, "the order has no status", "read `status` from the answer");
  if (orderStateOf(status) === "unrecognized")
    return broken(
      ["api", "statuses"],
      `the status ${status} is none of the field's`,
      `name ${status} under one of statuses`,
    );
  return works(part, `looked up: ${status}`);
}

async function cancel(checked: CheckedPlatform, placed: PlacedOrder): Promise<PlatformFinding> {
  const { api, platform } = checked;
  const part = ["api", platform.api.driver === null ? "cancel" : "driver"];
  if (!api.questions.has("cancel")) return notApplicable(["api"], "cancel: orders cannot be canceled");
  const answer = await askOnce(api, { kind: "cancel", placed });
  if (answer.outcome !== "succeeded") return broken(part, answerInWords(answer), fixOf(answer, part));
  const state = await untilOver(checked, placed);
  return state === "canceled"
    ? works(part, "canceled, and shown as canceled")
    : broken(
        part,
        `canceled, but the order is shown as ${state ?? "open"}`,
        "name the platform's word under statuses.canceled",
      );
}

async function fill(checked: CheckedPlatform, venue: TradingVenueName): Promise<CheckedOrders> {
  const { platform } = checked;
  const { order, key, answer } = await placeNear(checked, venue, "ask", MARKETABLE);
  const id = textOf(answer.said.id);
  const part = ["api", platform.api.driver === null ? "query" : "driver"];
  if (id === null)
    return {
      findings: [broken(part, `an order to be filled came to ${answerInWords(answer)}`, fixOf(answer, part))],
      placed: [],
    };
  const placed = { id, key, order };
  const state = await untilOver(checked, placed);
  if (state !== "filled")
    return {
      findings: [
        broken(
          part,
          `an order beyond the market is shown as ${state ?? "open"} after ${SOON_MS / 1_000} s`,
          "look it up at the venue, and name the platform's word under statuses.filled",
        ),
      ],
      placed: [placed],
    };
  return {
    findings: [works(part, `${venue}: filled, and shown as filled`), await positions(checked)],
    placed: [placed],
  };
}

async function positions({ api, platform, lab: { symbols } }: CheckedPlatform): Promise<PlatformFinding> {
  const part = ["api", platform.api.driver === null ? "positions" : "driver"];
  if (!api.questions.has("positions")) return notApplicable(["api"], "positions: it has none to show");
  const answer = await askOnce(api, { kind: "positions", account: null });
  if (answer.outcome !== "succeeded") return broken(part, answerInWords(answer), fixOf(answer, part));
  const { positions: listed } = answer.said;
  const all: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  const held = all.some(
    (each) => typeof each === "object" && each !== null && "symbol" in each && each.symbol === symbols[0],
  );
  return held
    ? works(part, `shows ${symbols[0]}`)
    : broken(
        part,
        `shows no ${symbols[0]} after a fill`,
        "list positions by `symbol` and `quantity`, with the field's symbols",
      );
}

/** The state in which an order ended; null when it is still open. */
async function untilOver(checked: CheckedPlatform, placed: PlacedOrder): Promise<string | null> {
  return soon(checked, SOON_MS, async () => {
    const { said } = await askOnce(checked.api, { kind: "query", placed });
    const state = orderStateOf(textOf(said.status) ?? "");
    return isOver(state) ? state : null;
  });
}

function same(one: string | null, other: string | null): boolean {
  return one === null || other === null ? one === other : new Decimal(one).eq(other);
}

function textOf(value: Answer["said"][string]): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : null;
}
