import type { Pair } from "../market/matching/fees.ts";
import type { SelfTradeMode } from "../market/matching/order.ts";
import { parseUnits, type Units } from "../market/units.ts";

/** Whether a symbol trades, and which requests are still allowed when it does not. */
type SymbolStatus = "TRADING" | "END_OF_DAY" | "HALT" | "BREAK" | "CANCEL_ONLY";

/** A symbol with the filters that the venue publishes for it and enforces on each order. */
export interface BinanceSymbol extends Pair {
  readonly status: SymbolStatus;
  readonly tickSize: Units;
  readonly minPrice: Units;
  readonly maxPrice: Units;
  readonly stepSize: Units;
  readonly minQuantity: Units;
  readonly maxQuantity: Units;
  readonly maxMarketQuantity: Units;
  readonly minNotional: Units;
  readonly maxNotional: Units;
  /** A price must be between these two multiples of the market's price. */
  readonly percentPriceDown: Units;
  readonly percentPriceUp: Units;
  /** The limit of open orders that an account may have in a symbol. */
  readonly maxOpenOrders: number;
  /** The limit of those that wait for a trigger. */
  readonly maxWaitingOrders: number;
  /** The limit of parts of an iceberg order. */
  readonly maxIcebergParts: number;
}

/** The modes of self-trade prevention, as the venue names them. */
export const SELF_TRADE_MODES: ReadonlyMap<string, SelfTradeMode> = new Map([
  ["NONE", "none"],
  ["EXPIRE_TAKER", "expire-taker"],
  ["EXPIRE_MAKER", "expire-maker"],
  ["EXPIRE_BOTH", "expire-both"],
  ["DECREMENT", "decrement"],
]);

/** The mode of an order that does not name one. */
export const DEFAULT_SELF_TRADE_MODE = "EXPIRE_MAKER";

const COMMON = {
  status: "TRADING",
  tickSize: parseUnits("0.01"),
  minPrice: parseUnits("0.01"),
  maxPrice: parseUnits("1000000"),
  maxQuantity: parseUnits("9000"),
  minNotional: parseUnits("5"),
  maxNotional: parseUnits("9000000"),
  percentPriceDown: parseUnits("0.2"),
  percentPriceUp: parseUnits("5"),
  maxOpenOrders: 200,
  maxWaitingOrders: 5,
  maxIcebergParts: 100,
} as const;

/** The symbols that the stub knows, with the venue's own filter values. */
export const BINANCE_SYMBOLS: ReadonlyMap<string, BinanceSymbol> = new Map(
  [
    {
      ...COMMON,
      symbol: "BTCUSDT",
      base: "BTC",
      quote: "USDT",
      stepSize: parseUnits("0.00001"),
      minQuantity: parseUnits("0.00001"),
      maxMarketQuantity: parseUnits("119.33489125"),
    },
    {
      ...COMMON,
      symbol: "ETHUSDT",
      base: "ETH",
      quote: "USDT",
      stepSize: parseUnits("0.0001"),
      minQuantity: parseUnits("0.0001"),
      maxMarketQuantity: parseUnits("2382.42958041"),
    },
  ].map((symbol) => [symbol.symbol, symbol]),
);
