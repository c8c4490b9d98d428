import type { SymbolMarket } from "../market/market.ts";
import type { Pair } from "../market/matching/fees.ts";
import { parseUnits, type Units } from "../market/units.ts";

/** A pair of the venue. Its book comes from the tape, so its prices have the tape's two decimals. */
export interface BtcturkPair extends Pair {
  readonly id: number;
  /** The pair's name with an underscore: `BTC_USDT`. */
  readonly normalized: string;
  /** Decimals of quantities. */
  readonly numeratorScale: number;
  /** Decimals of prices. */
  readonly denominatorScale: number;
  readonly minTotal: Units;
  readonly step: Units;
}

const COMMON = {
  quote: "USDT",
  numeratorScale: 8,
  denominatorScale: 2,
  minTotal: parseUnits("1"),
  step: 1n,
};

/** The pairs that the stub knows. */
export const BTCTURK_PAIRS: readonly BtcturkPair[] = [
  { ...COMMON, id: 19, symbol: "BTCUSDT", normalized: "BTC_USDT", base: "BTC" },
  { ...COMMON, id: 20, symbol: "ETHUSDT", normalized: "ETH_USDT", base: "ETH" },
];

/** The assets of the account, as the venue names them. */
export const ASSETS = [
  { id: 1, symbol: "TRY", name: "Türk Lirası", precision: 2 },
  { id: 2, symbol: "BTC", name: "Bitcoin", precision: 8 },
  { id: 3, symbol: "ETH", name: "Ethereum", precision: 8 },
  { id: 4, symbol: "USDT", name: "Tether", precision: 8 },
] as const;

/** Finds a pair by either of its names. REST reads both in any case; the feed only `BTCUSDT`. */
export function btcturkPair(name: string): BtcturkPair | undefined {
  const wanted = name.toUpperCase();
  return BTCTURK_PAIRS.find(({ symbol, normalized }) => symbol === wanted || normalized === wanted);
}

/** The range of limit prices: from a tenth to ten times the current ask. */
export function priceBounds(market: SymbolMarket | undefined): { lowest: Units; highest: Units } {
  const now = market?.book.asks.bestPrice ?? market?.book.bids.bestPrice ?? 0n;
  return { lowest: now / 10n, highest: now * 10n };
}
