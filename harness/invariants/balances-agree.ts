import { Decimal } from "../observation/decimal.ts";
import type { LedgerFill } from "../observation/ledger.ts";
import { findingOf, type Invariant, type Problem } from "./invariant.ts";

const statement =
  "each balance at a venue is the initial balance plus the platform's fills, to the last decimal";

// The quote assets of symbols, longest first, so that BTCUSDT splits into BTC and USDT.
const QUOTE_ASSETS = ["USDT", "USDC", "TRY", "BTC"] as const;

/** A reconciliation as banks do it: the trades that the platform has booked explain every balance exactly. */
export const balancesAgree: Invariant = {
  statement,
  mayComeLate: true,
  check: ({ ledger, venues }) => {
    const problems: Problem[] = [];
    let checked = 0;
    for (const { venue, balances } of venues) {
      const changes = changesByAsset(ledger.fills.filter((fill) => fill.venue === venue));
      checked += balances.length;
      for (const { asset, initial, free, locked } of balances) {
        const expected = new Decimal(initial).plus(changes.get(asset) ?? 0);
        const received = new Decimal(free).plus(locked);
        if (!received.equals(expected)) {
          problems.push({
            kind: "not explained by the platform's fills",
            detail: `${asset} at ${venue}: by the platform's fills it is ${expected.toFixed()}, the venue has ${received.toFixed()}`,
            clientOrderId: null,
          });
        }
      }
    }
    return findingOf(checked, "balance", problems);
  },
};

function changesByAsset(fills: readonly LedgerFill[]): ReadonlyMap<string, Decimal> {
  const changes = new Map<string, Decimal>();
  const add = (asset: string, amount: Decimal) => {
    changes.set(asset, (changes.get(asset) ?? new Decimal(0)).plus(amount));
  };
  for (const fill of fills) {
    const sign = fill.side === "buy" ? 1 : -1;
    const [base, quote] = assetsOf(fill.symbol);
    add(base, new Decimal(fill.quantity).times(sign));
    add(quote, new Decimal(fill.cost).times(-sign));
    add(fill.fee_asset, new Decimal(fill.fee).negated());
  }
  return changes;
}

function assetsOf(symbol: string): readonly [base: string, quote: string] {
  const quote = QUOTE_ASSETS.find((asset) => symbol.endsWith(asset) && symbol.length > asset.length);
  if (quote === undefined)
    throw new TypeError(`Expected a symbol quoted in ${QUOTE_ASSETS.join(", ")}, got ${symbol}.`);
  return [symbol.slice(0, -quote.length), quote];
}
