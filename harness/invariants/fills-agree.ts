import { Decimal } from "../observation/decimal.ts";
import type { LedgerFill } from "../observation/ledger.ts";
import type { VenueTrade } from "../observation/venue-books.ts";
import { findingOf, type Invariant, type Problem } from "./invariant.ts";

const statement =
  "each trade at a venue is exactly one fill of the platform, for the same order and with the same amounts to the last decimal";

/** A fill that is missing, doubled or off by a rounding error is money that the platform's books miss. */
export const fillsAgree: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ ledger, venues }) => {
    const unmatched = new Map<string, LedgerFill>();
    const problems: Problem[] = [];
    for (const fill of ledger.fills) {
      const key = fillKey(fill.venue, fill.symbol, fill.venue_trade_id);
      if (unmatched.has(key))
        problems.push(problem("booked twice", `trade ${key} is filled twice`, fill.client_order_id));
      unmatched.set(key, fill);
    }
    let checked = 0;
    for (const { venue, trades } of venues) {
      checked += trades.length;
      for (const trade of trades) {
        const key = fillKey(venue, trade.symbol, trade.tradeId);
        const fill = unmatched.get(key);
        unmatched.delete(key);
        if (fill === undefined) {
          const detail = `trade ${key} of ${trade.clientOrderId} has no fill`;
          problems.push(problem("without a fill", detail, trade.clientOrderId));
        } else problems.push(...fillDifferences(key, trade, fill));
      }
    }
    for (const [key, { client_order_id: order }] of unmatched)
      problems.push(
        problem("booked but unknown to the venue", `fill ${key} has no trade at the venue`, order),
      );
    return findingOf(checked, "trade", problems);
  },
};

/** Names a trade: its number is unique at a venue and for a symbol. */
export function fillKey(venue: string, symbol: string, tradeId: string): string {
  return `${venue} ${symbol} ${tradeId}`;
}

const problem = (kind: string, detail: string, clientOrderId: string): Problem => ({
  ...{ kind, detail, clientOrderId },
});

/** Returns in what a fill differs from its trade at the venue. */
export function fillDifferences(key: string, trade: VenueTrade, fill: LedgerFill): readonly Problem[] {
  const amounts = [
    ["price", trade.price, fill.price],
    ["quantity", trade.quantity, fill.quantity],
    ["cost", trade.cost, fill.cost],
    ["fee", trade.fee, fill.fee],
  ] as const;
  const wrong = (field: string, detail: string) =>
    problem(`whose ${field} differs from the venue's`, `trade ${key}: ${detail}`, trade.clientOrderId);
  const problems = amounts
    .filter(([, venue, platform]) => !new Decimal(venue).equals(platform))
    .map(([name, venue, platform]) => wrong(name, `${name} ${platform}, at the venue ${venue}`));
  if (trade.clientOrderId !== fill.client_order_id)
    problems.push(wrong("order", `of ${fill.client_order_id}, at the venue of ${trade.clientOrderId}`));
  if (trade.side !== fill.side) problems.push(wrong("side", `a ${fill.side}, at the venue a ${trade.side}`));
  if (trade.feeAsset !== fill.fee_asset)
    problems.push(wrong("fee asset", `fee in ${fill.fee_asset}, not ${trade.feeAsset}`));
  return problems;
}
