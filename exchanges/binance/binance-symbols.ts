import type { Pair } from "../market/matching/fees.ts";
import { parseUnits, type Units } from "../market/units.ts";

/** A symbol with the filters that the venue publishes for it and enforces on each order. */
export interface BinanceSymbol extends Pair {
  readonly tickSize: Units;
  readonly minPrice: Units;
  readonly maxPrice: Units;
  readonly stepSize: Units;
  readonly minQuantity: Units;
  readonly maxQuantity: Units;
  readonly maxMarketQuantity: Units;
  readonly minNotional: Units;
  readonly maxNotional: Units;
  /** A price may lie between these two multiples of the market's. */
  readonly percentPriceDown: Units;
  readonly percentPriceUp: Units;
}

const COMMON = {
  tickSize: parseUnits("0.01"),
  minPrice: parseUnits("0.01"),
  maxQuantity: parseUnits("9000"),
  minNotional: parseUnits("5"),
  maxNotional: parseUnits("9000000"),
  percentPriceDown: parseUnits("0.2"),
  percentPriceUp: parseUnits("5"),
};

/** The symbols that the stub knows, with the venue's own filter values. */
export const BINANCE_SYMBOLS: ReadonlyMap<string, BinanceSymbol> = new Map(
  [
    {
      ...COMMON,
      symbol: "BTCUSDT",
      base: "BTC",
      quote: "USDT",
      maxPrice: parseUnits("1000000"),
      stepSize: parseUnits("0.00001"),
      minQuantity: parseUnits("0.00001"),
      maxMarketQuantity: parseUnits("119.33489125"),
    },
    {
      ...COMMON,
      symbol: "ETHUSDT",
      base: "ETH",
      quote: "USDT",
      maxPrice: parseUnits("1000000"),
      stepSize: parseUnits("0.0001"),
      minQuantity: parseUnits("0.0001"),
      maxMarketQuantity: parseUnits("2382.42958041"),
    },
  ].map((symbol) => [symbol.symbol, symbol]),
);
