import { findingOf, type Invariant, type Problem } from "./invariant.ts";

const statement =
  "each client order id exists at most once at its venue, and the platform knows every order there";

/**
 * An order whose answer was lost must not be sent again. Sent again under the same client order id it is a
 * duplicate at the venue; under a new one it is an order without a row in the platform's books.
 */
export const noDuplicateOrders: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ ledger, venues }) => {
    const known = new Set(ledger.orders.map((order) => `${order.venue} ${order.client_order_id}`));
    const problems: Problem[] = [];
    let checked = 0;
    for (const { venue, orders } of venues) {
      checked += orders.length;
      for (const [clientOrderId, group] of Map.groupBy(orders, (order) => order.clientOrderId)) {
        if (group.length > 1) {
          const detail = `${clientOrderId} placed ${group.length} times at ${venue}`;
          problems.push({ kind: "placed more than once", detail, clientOrderId });
        }
        if (!known.has(`${venue} ${clientOrderId}`)) {
          const detail = `${clientOrderId} at ${venue} is unknown to the platform`;
          problems.push({ kind: "unknown to the platform", detail, clientOrderId });
        }
      }
    }
    return findingOf(checked, "venue order", problems);
  },
};
