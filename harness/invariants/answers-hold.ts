import { isOver, orderStateOf } from "../../api/index.ts";
import type { Operation } from "../../load/index.ts";
import { Decimal } from "../observation/decimal.ts";
import type { LedgerOrder } from "../observation/ledger.ts";
import { findingOf, type Invariant, ordersAtVenues, type Problem } from "./invariant.ts";

const statement =
  "what a client was told about an order stays true: executed quantity never shrinks, a final status never changes, a refused order never trades";

/**
 * Clients act on answers. An answer may be early, because an order continues; it must not be wrong, nor
 * older than an earlier answer.
 */
export const answersHold: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ operations, ledger, venues }) => {
    const rows = new Map(ledger.orders.map((order) => [order.order_id, order]));
    const answered = operations.filter(
      ({ orderId, orderStatus }) => orderId !== null && orderStatus !== null,
    );
    const booked = answered.filter(({ orderId }) => rows.has(orderId ?? ""));
    const problems: Problem[] = [];
    for (const [orderId, answers] of Map.groupBy(answered, (operation) => operation.orderId ?? "")) {
      const row = rows.get(orderId);
      const untrue = row === undefined ? [] : answers.flatMap((answer) => brokenBy(row, answer));
      const [problem] = [...untrue, ...takenBack(orderId, answers)];
      const clientOrderId = row?.client_order_id ?? null;
      if (problem !== undefined) problems.push({ ...problem, clientOrderId });
    }
    const atVenue = ordersAtVenues(venues);
    const refused = refusedOrders(operations, ledger.orders);
    for (const row of refused) {
      const real = atVenue.get(`${row.venue} ${row.client_order_id}`);
      if (real === undefined) continue;
      const lives = orderStateOf(real.status) === "open" || !new Decimal(real.executedQuantity).isZero();
      if (lives) {
        const detail = `${row.client_order_id} was refused, and is ${real.status} at ${row.venue}`;
        problems.push({ kind: "refused and yet traded or open", detail, clientOrderId: row.client_order_id });
      }
    }
    return findingOf(booked.length + refused.length, "answer", problems);
  },
};

type Untruth = Omit<Problem, "clientOrderId">;

/** How an answer differs from the final books, or from its own status code. */
function brokenBy(row: LedgerOrder, answer: Operation): readonly Untruth[] {
  const { kind, outcome, orderStatus, executedQuantity } = answer;
  const state = orderStateOf(orderStatus ?? "");
  const end = orderStateOf(row.status);
  const name = `${row.client_order_id} was answered as ${orderStatus}`;
  if (kind === "place" && outcome === "succeeded" && state === "rejected")
    return [{ kind: "rejected with a status of success", detail: `${name}, as if it was accepted` }];
  if (isOver(state) && end !== "unrecognized" && state !== end)
    return [
      {
        kind: "that ended with another status than was answered",
        detail: `${name}, and ended ${row.status}`,
      },
    ];
  if (executedQuantity === null) return [];
  const executed = new Decimal(executedQuantity);
  // FILLED itself says how much was executed, although a platform may learn of the fills later.
  const isAll = isOver(state) && state !== "filled";
  const wrong = isAll ? !executed.equals(row.executed_quantity) : executed.gt(row.executed_quantity);
  const detail = `${name} with ${executedQuantity} executed, it was ${row.executed_quantity}`;
  return wrong ? [{ kind: "whose executed quantity differs from the books", detail }] : [];
}

/** Answers that report less than an earlier one, which had arrived before they were requested. */
function takenBack(orderId: string, answers: readonly Operation[]): readonly Untruth[] {
  // A repeated key gets its first answer again, however old it is.
  const inOrder = answers
    .filter(({ kind, attempt }) => kind !== "place" || attempt === 1)
    .toSorted((left, right) => left.endedAtMs - right.endedAtMs);
  return inOrder.flatMap((later, index) => {
    const earlier = inOrder.slice(0, index).filter((answer) => answer.endedAtMs < later.startedAtMs);
    if (later.kind === "place") return [];
    const most = Decimal.max(0, ...earlier.map((answer) => answer.executedQuantity ?? 0));
    const ended = earlier.find((answer) => isOver(orderStateOf(answer.orderStatus ?? "")));
    if (later.executedQuantity !== null && most.gt(later.executedQuantity)) {
      const detail = `${orderId} had executed ${most.toFixed()}, a later answer has ${later.executedQuantity}`;
      return [{ kind: "with a smaller executed quantity than an earlier answer", detail }];
    }
    const reopened = ended !== undefined && orderStateOf(later.orderStatus ?? "") === "open";
    if (!reopened) return [];
    const detail = `${orderId} was ${ended.orderStatus}, a later answer has ${later.orderStatus}`;
    return [{ kind: "with an open status after a final one", detail }];
  });
}

/** The orders for which every answer was a refusal. */
function refusedOrders(
  operations: readonly Operation[],
  orders: readonly LedgerOrder[],
): readonly LedgerOrder[] {
  const places = operations.filter(({ kind, idempotencyKey }) => kind === "place" && idempotencyKey !== null);
  const byKey = Map.groupBy(places, (operation) => operation.idempotencyKey ?? "");
  return orders.filter(({ idempotency_key }) => {
    const attempts = idempotency_key === null ? [] : (byKey.get(idempotency_key) ?? []);
    return attempts.length > 0 && attempts.every(({ outcome }) => outcome === "rejected");
  });
}
