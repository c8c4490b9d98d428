import { findingOf, type Invariant, type Problem } from "./invariant.ts";

const statement = "each idempotency key creates one order, and each answer for the key names that order";

/** A client that retries with the same key must neither trade twice nor get an answer about another order. */
export const oneOrderPerKey: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ operations, ledger }) => {
    const rows = Map.groupBy(
      ledger.orders.filter((order) => order.idempotency_key !== null),
      (order) => order.idempotency_key ?? "",
    );
    const keyed = operations.filter(
      (operation) => operation.kind === "place" && operation.idempotencyKey !== null,
    );
    const keys = Map.groupBy(keyed, (operation) => operation.idempotencyKey ?? "");
    const problems: Problem[] = [];
    for (const [key, attempts] of keys) {
      const booked = rows.get(key) ?? [];
      const clientOrderId = booked[0]?.client_order_id ?? null;
      const add = (kind: string, detail: string) => problems.push({ kind, detail, clientOrderId });
      if (booked.length > 1) add("with more than one order", `${key} has ${booked.length} orders`);
      const answered = new Set(
        attempts.flatMap((attempt) => (attempt.orderId === null ? [] : [attempt.orderId])),
      );
      const nameless = attempts.some(({ outcome, orderId }) => outcome === "succeeded" && orderId === null);
      if (nameless) add("answered without an order", `${key} was answered without an order`);
      if (answered.size > 1)
        add("answered with different orders", `${key} was answered with ${[...answered].join(" and ")}`);
    }
    return findingOf(keys.size, "key", problems);
  },
};
