import { orderStateOf } from "../../api/index.ts";
import { Decimal } from "../observation/decimal.ts";
import { findingOf, type Invariant, type Problem } from "./invariant.ts";

const statement = "the last event of each order agrees with its books, and every event was delivered";

/**
 * Other systems rely on the platform's events: without an event of a change, or with an older one last, they
 * act on a wrong state of the order. An order that was rejected before it existed needs no event.
 */
export const eventsAgree: Invariant = {
  statement,
  mayComeLate: true,
  needs: ({ ledger }) =>
    ledger.orders.some(({ event_status }) => event_status !== undefined)
      ? null
      : "event_status in the ledger",
  check: ({ ledger }) => {
    const withEvents = ledger.orders.filter(({ event_status }) => event_status !== undefined);
    const problems = withEvents.flatMap((order): readonly Problem[] => {
      const { event_status: status, event_executed_quantity: executed, undelivered_events: waiting } = order;
      const name = order.client_order_id;
      const problem = (kind: string, detail: string) => [{ kind, detail, clientOrderId: name }];
      if (status == null)
        return orderStateOf(order.status) === "rejected"
          ? []
          : problem("without an event", `${name} is ${order.status} without an event`);
      if (status !== order.status)
        return problem(
          "whose last event has another status",
          `${name} is ${order.status}, its last event has ${status}`,
        );
      if (executed != null && !new Decimal(executed).equals(order.executed_quantity)) {
        return problem(
          "whose last event has another executed quantity",
          `${name} executed ${order.executed_quantity}, its last event has ${executed}`,
        );
      }
      if ((waiting ?? 0) === 0) return [];
      return problem("with undelivered events", `${name} has ${waiting} undelivered events`);
    });
    return findingOf(withEvents.length, "order", problems);
  },
};
