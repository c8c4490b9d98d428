import { isOver, orderStateOf, statesAgree } from "../../api/index.ts";
import { Decimal } from "../observation/decimal.ts";
import { findingOf, type Invariant, ordersAtVenues, type Problem } from "./invariant.ts";

const statement =
  "each accepted order is in the platform's books, settled, and in the same state as at the venue";

/** Whether an order of this state may never have existed at its venue. */
function mayBeNowhere(state: ReturnType<typeof orderStateOf>): boolean {
  return isOver(state) && state !== "filled";
}

/** No accepted order is lost, none stays unknown, and states and executed quantities match the venue's. */
export const acceptedOrdersAccounted: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ operations, ledger, venues }) => {
    const rows = new Map(ledger.orders.map((order) => [order.order_id, order]));
    const atVenue = ordersAtVenues(venues);
    const problems: Problem[] = [];
    const acceptedIds = new Set(
      operations.flatMap((operation) =>
        operation.kind === "place" && operation.orderId !== null ? [operation.orderId] : [],
      ),
    );
    for (const orderId of acceptedIds) {
      if (!rows.has(orderId))
        problems.push({
          kind: "accepted, then missing in the platform's books",
          detail: `${orderId} was accepted and is not in the platform's books`,
          clientOrderId: null,
        });
    }
    for (const order of ledger.orders) {
      const name = order.client_order_id;
      const real = atVenue.get(`${order.venue} ${name}`);
      const add = (kind: string, detail: string) => problems.push({ kind, detail, clientOrderId: name });
      if (!order.settled) add("never settled", `${name} is still ${order.status}`);
      else if (real === undefined && !mayBeNowhere(orderStateOf(order.status))) {
        add("unknown to their venue", `${name} is ${order.status}, but ${order.venue} has no such order`);
      } else if (real !== undefined && !sameAmount(real.executedQuantity, order.executed_quantity)) {
        add(
          "whose executed quantity differs from the venue's",
          `${name} executed ${order.executed_quantity}, at ${order.venue} ${real.executedQuantity}`,
        );
      } else if (real !== undefined && !statesAgree(orderStateOf(order.status), orderStateOf(real.status))) {
        add(
          "whose state differs from the venue's",
          `${name} is ${order.status}, at ${order.venue} it is ${real.status}`,
        );
      }
    }
    return findingOf(ledger.orders.length, "order", problems);
  },
};

function sameAmount(left: string, right: string): boolean {
  return new Decimal(left).equals(right);
}
