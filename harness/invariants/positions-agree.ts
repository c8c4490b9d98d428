import { Decimal } from "decimal.js";
import type { LedgerFill } from "../ledger.ts";
import { findingOf, groupBy, type Invariant } from "./invariant.ts";

const statement =
  "the open positions of a symbol are what its fills left, with at most one for each account and symbol";

/**
 * A position is derived state: it must be exactly what the fills make of it. A fee that was taken in the base asset
 * is gone, so it counts: what is left is what can be sold.
 */
export const positionsAgree: Invariant = {
  statement,
  check: ({ ledger }) => {
    const problems: string[] = [];
    for (const [owner, group] of groupBy(ledger.positions, (row) => `${row.account_id} ${row.symbol}`)) {
      if (group.length > 1) problems.push(`${owner} has ${group.length} open positions`);
    }
    const held = groupBy(ledger.positions, (position) => position.symbol);
    const filled = groupBy(ledger.fills, (fill) => fill.symbol);
    const symbols = new Set([...held.keys(), ...filled.keys()]);
    for (const symbol of symbols) {
      const position = sum((held.get(symbol) ?? []).map((row) => new Decimal(row.quantity)));
      const fills = sum((filled.get(symbol) ?? []).map(baseChange));
      if (!position.equals(fills)) {
        problems.push(`${symbol}: positions ${position.toFixed()}, fills ${fills.toFixed()}`);
      }
    }
    return findingOf(statement, symbols.size, "symbols", problems);
  },
};

function baseChange(fill: LedgerFill): Decimal {
  const traded = new Decimal(fill.quantity).times(fill.side === "buy" ? 1 : -1);
  return fill.symbol.startsWith(fill.fee_asset) ? traded.minus(fill.fee) : traded;
}

function sum(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((total, amount) => total.plus(amount), new Decimal(0));
}
