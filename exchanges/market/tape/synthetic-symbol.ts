import { parseUnits, type Units } from "../units.ts";

/** A lognormal distribution of sizes, in coins. */
export interface SizeProfile {
  readonly median: number;
  /** The standard deviation of the size's logarithm. */
  readonly spread: number;
}

/**
 * The parameters of a synthetic symbol. The figures are those of the recordings of 2024-08-08 (docs/market.md
 * compares the result with the recordings).
 */
export interface SyntheticSymbol {
  readonly symbol: string;
  readonly midPrice: Units;
  readonly tick: Units;
  readonly step: Units;
  /** Mean distance between neighboring levels, in ticks. */
  readonly meanGapTicks: number;
  /** Mean quantity of the best level, in coins. */
  readonly meanTouch: number;
  readonly levelSize: SizeProfile;
  readonly tradeSize: SizeProfile;
  /** Taker orders at the best level per second; most trade with more than one maker. */
  readonly takersPerSecond: number;
  /** Standard deviation of the price's change in a second, in basis points. */
  readonly volatilityBp: number;
  /** How far the model price may leave the quotes before they follow, in basis points. */
  readonly inertiaBp: number;
}

export const SYNTHETIC_SYMBOLS: readonly SyntheticSymbol[] = [
  {
    symbol: "BTCUSDT",
    midPrice: parseUnits("61837.63"),
    tick: parseUnits("0.01"),
    step: parseUnits("0.00001"),
    meanGapTicks: 28,
    meanTouch: 2.1,
    levelSize: { median: 0.06, spread: 1.55 },
    tradeSize: { median: 0.0006, spread: 2.75 },
    takersPerSecond: 2.5,
    volatilityBp: 1.2,
    inertiaBp: 1.1,
  },
  {
    symbol: "ETHUSDT",
    midPrice: parseUnits("2683.80"),
    tick: parseUnits("0.01"),
    step: parseUnits("0.0001"),
    meanGapTicks: 1.6,
    meanTouch: 12.6,
    levelSize: { median: 1.4, spread: 1.45 },
    tradeSize: { median: 0.0088, spread: 2.75 },
    takersPerSecond: 2.5,
    volatilityBp: 1.2,
    inertiaBp: 1.2,
  },
];
