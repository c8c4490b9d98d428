import type { Pair } from "../market/matching/fees.ts";
import { parseUnits, type Units } from "../market/units.ts";

/** A pair of the venue. Its book is the tape's, so its prices have the tape's two decimals. */
export interface BtcturkPair extends Pair {
  readonly id: number;
  /** The pair with an underscore: `BTC_USDT`. */
  readonly normalized: string;
  /** Decimals of quantities. */
  readonly numeratorScale: number;
  /** Decimals of prices. */
  readonly denominatorScale: number;
  readonly maxPrice: Units;
  readonly minTotal: Units;
  readonly step: Units;
}

const COMMON = {
  quote: "USDT",
  numeratorScale: 8,
  denominatorScale: 2,
  maxPrice: parseUnits("10000000"),
  minTotal: parseUnits("1"),
  step: 1n,
};

/** The pairs that the stub knows. */
export const BTCTURK_PAIRS: readonly BtcturkPair[] = [
  { ...COMMON, id: 19, symbol: "BTCUSDT", normalized: "BTC_USDT", base: "BTC" },
  { ...COMMON, id: 20, symbol: "ETHUSDT", normalized: "ETH_USDT", base: "ETH" },
];

/** Finds a pair by either of its names. */
export function btcturkPair(name: string): BtcturkPair | undefined {
  return BTCTURK_PAIRS.find(({ symbol, normalized }) => symbol === name || normalized === name);
}
