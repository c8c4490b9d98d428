import { parseUnits, type Units } from "../units.ts";

/** Sizes of one kind, lognormal: in coins. */
export interface SizeProfile {
  readonly median: number;
  /** The deviation of the size's logarithm. */
  readonly spread: number;
}

/**
 * How a synthetic symbol trades. The figures are those of the recordings of 2024-08-08 (docs/market.md compares what
 * comes of them with the recordings).
 */
export interface SyntheticSymbol {
  readonly symbol: string;
  readonly midPrice: Units;
  readonly tick: Units;
  readonly step: Units;
  /** Mean distance of neighboring levels, in ticks. */
  readonly meanGapTicks: number;
  /** Mean quantity of the best level, in coins. */
  readonly meanTouch: number;
  readonly levelSize: SizeProfile;
  readonly tradeSize: SizeProfile;
  /** Orders that take from the best level, a second; most meet more than one maker there. */
  readonly takersPerSecond: number;
  /** Deviation of the price's change in a second, in basis points. */
  readonly volatilityBp: number;
  /** How far the price goes away from the quotes before they follow, in basis points. */
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
