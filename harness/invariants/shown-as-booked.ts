import type { Answered, ApiOrder } from "../observation/api-view.ts";
import { Decimal } from "../observation/decimal.ts";
import type { LedgerOrder } from "../observation/ledger.ts";
import { findingOf, type Invariant, type Problem } from "./invariant.ts";

const statement =
  "orders and positions from the API agree with the books, with amounts as exact decimal text";

const UNANSWERED = "unanswered";

/** Correct books do not help a client that receives other data. */
export const shownAsBooked: Invariant = {
  statement,
  mayComeLate: false,
  check: ({ ledger, apiView }) => {
    const rows = new Map(ledger.orders.map((order) => [order.order_id, order]));
    const fills = Map.groupBy(ledger.fills, ({ client_order_id }) => client_order_id);
    const problems: Problem[] = [];
    const booked = [...apiView.orders.keys()].filter((id) => rows.has(id));
    for (const [id, answer] of apiView.orders) {
      const row = rows.get(id);
      const cost = sumOf((fills.get(row?.client_order_id ?? "") ?? []).map((fill) => fill.cost));
      if (row !== undefined) problems.push(...orderDifferences(row, answer, cost));
    }
    const held = Map.groupBy(ledger.positions, ({ account_id }) => account_id);
    for (const [account, answer] of apiView.positions) {
      if (answer.kind !== "read") {
        problems.push(ofPosition(answer.kind, `the positions of ${account}: ${answer.why}`));
        continue;
      }
      const booked = new Map((held.get(account) ?? []).map(({ symbol, quantity }) => [symbol, quantity]));
      for (const { symbol, quantity } of answer.value) {
        const expected = booked.get(symbol);
        booked.delete(symbol);
        if (expected === undefined || !new Decimal(expected).equals(quantity)) {
          const detail = `${account} has ${quantity} of ${symbol} in the API, ${expected ?? "nothing"} in the books`;
          problems.push(ofPosition("whose quantity differs from the books", detail));
        }
      }
      for (const [symbol, quantity] of booked) {
        if (!new Decimal(quantity).isZero())
          problems.push(
            ofPosition(
              "without a position of the books",
              `${account} has no ${symbol} in the API, ${quantity} in the books`,
            ),
          );
      }
    }
    const finding = findingOf(booked.length + apiView.positions.size, "answer", problems);
    return problems.every(({ kind }) => kind === UNANSWERED) ? { ...finding, basis: "time" } : finding;
  },
};

function sumOf(amounts: readonly string[]): Decimal {
  return amounts.reduce((sum, each) => sum.plus(each), new Decimal(0));
}

const ofPosition = (kind: string, detail: string): Problem => ({ kind, detail, clientOrderId: null });

function orderDifferences(row: LedgerOrder, answer: Answered<ApiOrder>, cost: Decimal): readonly Problem[] {
  const name = row.client_order_id;
  const problem = (kind: string, detail: string) => [
    { kind, detail: `${name}${detail}`, clientOrderId: name },
  ];
  if (answer.kind !== "read") return problem(answer.kind, `: ${answer.why}`);
  const { symbol, side, status, executedQuantity, executedQuote } = answer.value;
  const pairs = [
    ["symbol", symbol, row.symbol],
    ["side", side?.toLowerCase(), row.side],
    ["status", status, row.status],
  ] as const;
  const wrong = pairs.find(([, displayed, booked]) => displayed !== undefined && displayed !== booked);
  if (wrong !== undefined) {
    const [field, displayed, booked] = wrong;
    const detail = ` has ${field} ${displayed} in the API, ${booked} in the books`;
    return problem(`whose ${field} differs from the books`, detail);
  }
  if (executedQuote !== undefined && !cost.equals(executedQuote)) {
    const detail = ` has an executed quote of ${executedQuote} in the API, of ${cost.toFixed()} by its fills`;
    return problem("whose cost differs from the books", detail);
  }
  if (executedQuantity === undefined || new Decimal(executedQuantity).equals(row.executed_quantity))
    return [];
  const detail = ` has executed ${executedQuantity} in the API, ${row.executed_quantity} in the books`;
  return problem("whose executed quantity differs from the books", detail);
}
