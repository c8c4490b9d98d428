import {
  type FaultRecord,
  ORDER_STANDINGS,
  type OrderRecord,
  type OrderRecords,
  type OrderStep,
} from "../../evidence/index.ts";
import type { Operation } from "../../load/index.ts";
import { VENUE_LINKS } from "../../venues/index.ts";
import { Decimal } from "../observation/decimal.ts";
import type { FinalState } from "../observation/final-state.ts";
import { type AtVenue, collectOrderEvidence, type OrderEvidence } from "./order-evidence.ts";

/** This many are listed; the rest are counted. */
const MAX_LISTED = 300;

/** The data of the histories. Times of faults and operations count from the load's start. */
export interface OrderSources {
  readonly state: FinalState;
  readonly faults: readonly FaultRecord[];
  readonly startedAtEpochMs: number;
}

/** Creates each order's history: the most important standing first, each ordered by time. */
export function orderHistories({ state, faults, startedAtEpochMs }: OrderSources): OrderRecords {
  const fillsOf = Map.groupBy(state.ledger.fills, (fill) => `${fill.venue} ${fill.client_order_id}`);
  const records = collectOrderEvidence(state, startedAtEpochMs).map((evidence, index) => {
    const { row, venue } = evidence;
    const touching = faultsDuring(evidence, faults);
    const fills = row === null ? 0 : (fillsOf.get(`${venue} ${row.client_order_id}`)?.length ?? 0);
    const standing = standingOf(evidence, fills, touching);
    return recordOf(evidence, index, fills, standing, stepsOf(evidence, touching, startedAtEpochMs));
  });
  const rank = ({ standing }: OrderRecord) => ORDER_STANDINGS.indexOf(standing);
  const ranked = records.toSorted((a, b) => rank(a) - rank(b) || startOf(a) - startOf(b));
  return { listed: ranked.slice(0, MAX_LISTED), omitted: Math.max(0, ranked.length - MAX_LISTED) };
}

const startOf = ({ steps }: OrderRecord): number => steps[0]?.atMs ?? 0;

function standingOf(
  evidence: OrderEvidence,
  fills: number,
  faults: readonly FaultRecord[],
): OrderRecord["standing"] {
  if (differs(evidence, fills)) return "differs";
  if (evidence.operations.some(({ outcome }) => outcome === "unknown" || outcome === "failed"))
    return "unanswered";
  return faults.length > 0 ? "under-fault" : "undisturbed";
}

/** Whether the platform's books and the venue differ about an order, or the venue has it more than once. */
function differs({ row, atVenue }: OrderEvidence, fills: number): boolean {
  const [only, ...others] = atVenue;
  if (others.length > 0) return true;
  if (only === undefined) return row !== null && !new Decimal(row.executed_quantity).isZero();
  if (row === null || only.matchedBy === "content" || fills !== only.trades.length) return true;
  return !new Decimal(row.executed_quantity).equals(only.order.executedQuantity);
}

function recordOf(
  { venue, operations, row, atVenue }: OrderEvidence,
  index: number,
  fills: number,
  standing: OrderRecord["standing"],
  steps: readonly OrderStep[],
): OrderRecord {
  const asked = operations.find(({ request }) => request.order !== null)?.request.order;
  const first = atVenue[0]?.order;
  return {
    id: `${venue} ${row?.client_order_id ?? first?.clientOrderId ?? `#${index + 1}`}`,
    standing,
    venue,
    symbol: row?.symbol ?? asked?.symbol ?? first?.symbol ?? "",
    side: row?.side ?? asked?.side ?? first?.side ?? "",
    quantity: asked?.quantity ?? first?.quantity ?? null,
    price: asked?.price ?? first?.price ?? null,
    idempotencyKey: row?.idempotency_key ?? operations[0]?.idempotencyKey ?? null,
    steps,
    platform: row === null ? null : platformOf(row, fills),
    venueOrders: atVenue.map(venueOrderOf),
  };
}

function platformOf(row: NonNullable<OrderEvidence["row"]>, fills: number): OrderRecord["platform"] {
  const {
    order_id: orderId,
    client_order_id: clientOrderId,
    status,
    executed_quantity: executedQuantity,
  } = row;
  return { orderId, clientOrderId, status, executedQuantity, fills };
}

function venueOrderOf({ order, trades, matchedBy }: AtVenue): OrderRecord["venueOrders"][number] {
  const { orderId, clientOrderId, status, executedQuantity } = order;
  return { orderId, clientOrderId, status, executedQuantity, trades: trades.length, matchedBy };
}

function stepsOf(
  { operations, atVenue }: OrderEvidence,
  faults: readonly FaultRecord[],
  startedAtEpochMs: number,
): readonly OrderStep[] {
  const steps: readonly OrderStep[] = [
    ...operations.map(requestStep),
    ...faults.map((fault) => ({
      ...{ atMs: fault.injectedAtMs, endMs: fault.healedAtMs, actor: "fault" as const, text: fault.label },
    })),
    ...atVenue.flatMap((each) => venueSteps(each, startedAtEpochMs)),
  ];
  return steps.toSorted((a, b) => a.atMs - b.atMs);
}

function requestStep(operation: Operation): OrderStep {
  const { startedAtMs, endedAtMs, request, attempt, httpStatus, error, orderStatus, outcome } = operation;
  const again = attempt > 1 ? ` (attempt ${attempt}, the same key)` : "";
  const said = [httpStatus, orderStatus, error].filter((part) => part !== null).join(" ");
  // A driver answers without a status of HTTP.
  const isAnswered = httpStatus !== null || outcome === "succeeded" || outcome === "rejected";
  const answer = isAnswered ? said || outcome : `no answer${said === "" ? "" : `: ${said}`}`;
  const text = `${request.method} ${request.path}${again} → ${outcome === "dropped" ? "not sent" : answer}`;
  return { atMs: startedAtMs, endMs: endedAtMs, actor: "client", text };
}

function venueSteps({ order, trades }: AtVenue, startedAtEpochMs: number): readonly OrderStep[] {
  const step = (epochMs: number, text: string): OrderStep => ({
    ...{ atMs: epochMs - startedAtEpochMs, endMs: null, actor: "venue", text },
  });
  return [
    step(order.acceptedAtMs, `accepted ${order.clientOrderId} as order ${order.orderId}`),
    ...trades.map(({ atMs, quantity, price, tradeId }) =>
      step(atMs, `executed ${quantity} at ${price} (trade ${tradeId})`),
    ),
  ];
}

/** The faults that were active while the order was in progress, on links that it may have used. */
function faultsDuring({ venue, operations }: OrderEvidence, faults: readonly FaultRecord[]) {
  if (operations.length === 0) return [];
  const startMs = Math.min(...operations.map(({ startedAtMs }) => startedAtMs));
  const endMs = Math.max(...operations.map(({ endedAtMs }) => endedAtMs));
  return faults.filter(({ link, injectedAtMs, healedAtMs }) => {
    const linkVenue = VENUE_LINKS.find(({ name }) => name === link)?.venue;
    const isOnItsWay = linkVenue === undefined || linkVenue === venue;
    return isOnItsWay && injectedAtMs <= endMs && startMs <= (healedAtMs ?? Number.POSITIVE_INFINITY);
  });
}
