import { Decimal } from "../observation/decimal.ts";
import type { LedgerFill } from "../observation/ledger.ts";
import type { VenueTrade } from "../observation/venue-books.ts";
import { findingOf, type Invariant } from "./invariant.ts";

const statement =
  "each trade at a venue is one fill of the platform, of the same order and with the same amounts to the last decimal";

/** A fill that is missing, doubled or off by a rounding error is money that the platform does not see. */
export const fillsAgree: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ ledger, venues }) => {
    const unmatched = new Map<string, LedgerFill>();
    const problems: string[] = [];
    for (const fill of ledger.fills) {
      const key = keyOf(fill.venue, fill.symbol, fill.venue_trade_id);
      if (unmatched.has(key)) problems.push(`trade ${key} is filled twice`);
      unmatched.set(key, fill);
    }
    let checked = 0;
    for (const { venue, trades } of venues) {
      checked += trades.length;
      for (const trade of trades) {
        const key = keyOf(venue, trade.symbol, trade.tradeId);
        const fill = unmatched.get(key);
        unmatched.delete(key);
        if (fill === undefined) problems.push(`trade ${key} of ${trade.clientOrderId} has no fill`);
        else problems.push(...differences(key, trade, fill));
      }
    }
    for (const key of unmatched.keys()) problems.push(`fill ${key} has no trade at the venue`);
    return findingOf(checked, "trade", problems);
  },
};

function keyOf(venue: string, symbol: string, tradeId: string): string {
  return `${venue} ${symbol} ${tradeId}`;
}

function differences(key: string, trade: VenueTrade, fill: LedgerFill): readonly string[] {
  const pairs = [
    ["price", trade.price, fill.price],
    ["quantity", trade.quantity, fill.quantity],
    ["cost", trade.cost, fill.cost],
    ["fee", trade.fee, fill.fee],
  ] as const;
  const wrong = pairs.filter(([, venue, platform]) => !new Decimal(venue).equals(platform));
  const problems = wrong.map(
    ([name, venue, platform]) => `trade ${key}: ${name} ${platform}, at the venue ${venue}`,
  );
  if (trade.clientOrderId !== fill.client_order_id)
    problems.push(`trade ${key}: of ${fill.client_order_id}, at the venue of ${trade.clientOrderId}`);
  if (trade.side !== fill.side) problems.push(`trade ${key}: a ${fill.side}, at the venue a ${trade.side}`);
  if (trade.feeAsset !== fill.fee_asset)
    problems.push(`trade ${key}: fee in ${fill.fee_asset}, not ${trade.feeAsset}`);
  return problems;
}
