import { Decimal } from "../observation/decimal.ts";
import type { LedgerFill, LedgerPosition } from "../observation/ledger.ts";
import { findingOf, type Invariant, type Problem } from "./invariant.ts";

const statement =
  "an account has at most one open position per symbol, and its quantity and money are what its fills add up to";

/**
 * A position is derived state: it must be exactly the sum of the fills. A fee that was taken in the base
 * asset is subtracted, because only the rest can be sold.
 */
export const positionsAgree: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ ledger }) => {
    const problems: Problem[] = [];
    for (const [owner, group] of Map.groupBy(ledger.positions, (row) => `${row.account_id} ${row.symbol}`)) {
      if (group.length > 1)
        problems.push(problem("with several open positions", `${owner} has ${group.length} open positions`));
    }
    // When fills have no account, only all accounts together can be compared.
    const perAccount = ledger.fills.every(({ account_id }) => account_id !== undefined);
    const marketOf = (row: { readonly account_id?: string | undefined; readonly symbol: string }) =>
      perAccount ? `${row.account_id} ${row.symbol}` : row.symbol;
    const held = Map.groupBy(ledger.positions, marketOf);
    const filled = Map.groupBy(ledger.fills, marketOf);
    const markets = new Set([...held.keys(), ...filled.keys()]);
    for (const market of markets) {
      const positions = held.get(market) ?? [];
      const fills = filled.get(market) ?? [];
      const position = sum(positions.map((row) => new Decimal(row.quantity)));
      const left = sum(fills.map(baseChange));
      if (!position.equals(left)) {
        const detail = `${market}: positions ${position.toFixed()}, fills ${left.toFixed()}`;
        problems.push(problem("whose quantity is not what the fills add up to", detail));
      }
      problems.push(...moneyDifference(market, positions, fills));
    }
    return findingOf(markets.size, "market", problems);
  },
};

/** A position belongs to an account and symbol, not to a single order. */
const problem = (kind: string, detail: string): Problem => ({ kind, detail, clientOrderId: null });

/**
 * Realized profit less the cost of what is still open equals the cash that the fills moved, to the last
 * decimal, whichever method the platform uses to separate profit from cost. Checked only where the platform
 * keeps both, and for every open position.
 */
function moneyDifference(
  market: string,
  positions: readonly LedgerPosition[],
  fills: readonly LedgerFill[],
): readonly Problem[] {
  const explained = positions.map(({ quantity, cost, realized }) =>
    cost === undefined || realized === undefined
      ? null
      : new Decimal(realized).minus(new Decimal(cost).times(new Decimal(quantity).isNegative() ? -1 : 1)),
  );
  const explainedAmounts = explained.filter((money) => money !== null);
  if (explainedAmounts.length === 0 || explainedAmounts.length < explained.length) return [];
  const cash = sum(fills.map(quoteChange));
  if (sum(explainedAmounts).equals(cash)) return [];
  const detail = `${market}: profit minus cost is ${sum(explainedAmounts).toFixed()}, the fills add up to ${cash.toFixed()}`;
  return [problem("whose money is not what the fills add up to", detail)];
}

/** How much of its symbol's quote asset a fill moved. */
function quoteChange(fill: LedgerFill): Decimal {
  const traded = new Decimal(fill.cost).times(fill.side === "buy" ? -1 : 1);
  return fill.symbol.endsWith(fill.fee_asset) ? traded.minus(fill.fee) : traded;
}

function baseChange(fill: LedgerFill): Decimal {
  const traded = new Decimal(fill.quantity).times(fill.side === "buy" ? 1 : -1);
  return fill.symbol.startsWith(fill.fee_asset) ? traded.minus(fill.fee) : traded;
}

function sum(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((total, amount) => total.plus(amount), new Decimal(0));
}
