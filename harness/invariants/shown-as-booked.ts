import type { Answered, ApiOrder } from "../observation/api-view.ts";
import { Decimal } from "../observation/decimal.ts";
import type { LedgerOrder } from "../observation/ledger.ts";
import { findingOf, groupBy, type Invariant } from "./invariant.ts";

const statement =
  "what the API shows of orders and positions is what the books say, with amounts as exact decimal text";

/** Correct books are of no use to a client who is shown something else. */
export const shownAsBooked: Invariant = {
  statement,
  mayComeLate: false,
  check: ({ ledger, apiView }) => {
    const rows = new Map(ledger.orders.map((order) => [order.order_id, order]));
    const fills = groupBy(ledger.fills, ({ client_order_id }) => client_order_id);
    const problems: string[] = [];
    const booked = [...apiView.orders.keys()].filter((id) => rows.has(id));
    for (const [id, answer] of apiView.orders) {
      const row = rows.get(id);
      const cost = sumOf((fills.get(row?.client_order_id ?? "") ?? []).map((fill) => fill.cost));
      if (row !== undefined) problems.push(...orderDifferences(row, answer, cost));
    }
    const held = groupBy(ledger.positions, ({ account_id }) => account_id);
    for (const [account, answer] of apiView.positions) {
      if (answer.kind === "unreadable") {
        problems.push(`the positions of ${account}: ${answer.why}`);
        continue;
      }
      const booked = new Map((held.get(account) ?? []).map(({ symbol, quantity }) => [symbol, quantity]));
      for (const { symbol, quantity } of answer.value) {
        const expected = booked.get(symbol);
        booked.delete(symbol);
        if (expected === undefined || !new Decimal(expected).equals(quantity)) {
          problems.push(
            `${account} is shown ${quantity} of ${symbol}, the books say ${expected ?? "nothing"}`,
          );
        }
      }
      for (const [symbol, quantity] of booked) {
        if (!new Decimal(quantity).isZero())
          problems.push(`${account} is not shown its ${quantity} of ${symbol}`);
      }
    }
    return findingOf(booked.length + apiView.positions.size, "answer", problems);
  },
};

function sumOf(amounts: readonly string[]): Decimal {
  return amounts.reduce((sum, each) => sum.plus(each), new Decimal(0));
}

function orderDifferences(row: LedgerOrder, answer: Answered<ApiOrder>, cost: Decimal): readonly string[] {
  const name = row.client_order_id;
  if (answer.kind === "unreadable") return [`${name}: ${answer.why}`];
  const { symbol, side, status, executedQuantity, executedQuote } = answer.value;
  const pairs = [
    ["symbol", symbol, row.symbol],
    ["side", side.toLowerCase(), row.side],
    ["status", status, row.status],
  ] as const;
  const wrong = pairs.find(([, displayed, booked]) => displayed !== booked);
  if (wrong !== undefined)
    return [`${name} is shown with ${wrong[0]} ${wrong[1]}, the books say ${wrong[2]}`];
  if (executedQuote !== undefined && !cost.equals(executedQuote)) {
    return [`${name} is shown to have moved ${executedQuote}, by its fills it is ${cost.toFixed()}`];
  }
  if (new Decimal(executedQuantity).equals(row.executed_quantity)) return [];
  return [`${name} is shown with ${executedQuantity} executed, the books say ${row.executed_quantity}`];
}
