import { findingOf, groupBy, type Invariant } from "./invariant.ts";

const statement = "each idempotency key leads to one order, and each answer to it names that order";

/** A client that tries again with the same key must neither trade twice nor be told of another order. */
export const oneOrderPerKey: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ operations, ledger }) => {
    const rows = groupBy(
      ledger.orders.filter((order) => order.idempotency_key !== null),
      (order) => order.idempotency_key ?? "",
    );
    const keyed = operations.filter(
      (operation) => operation.kind === "place" && operation.idempotencyKey !== null,
    );
    const keys = groupBy(keyed, (operation) => operation.idempotencyKey ?? "");
    const problems: string[] = [];
    for (const [key, attempts] of keys) {
      const orders = rows.get(key)?.length ?? 0;
      if (orders > 1) problems.push(`${key} has ${orders} orders`);
      const answered = new Set(
        attempts.flatMap((attempt) => (attempt.orderId === null ? [] : [attempt.orderId])),
      );
      const nameless = attempts.some(({ outcome, orderId }) => outcome === "succeeded" && orderId === null);
      if (nameless) problems.push(`${key} was answered without an order`);
      if (answered.size > 1) problems.push(`${key} was answered with ${[...answered].join(" and ")}`);
    }
    return findingOf(keys.size, "key", problems);
  },
};
