import type { TapeTrade } from "../tape/frame-codec.ts";
import { greatest, least, multiply, type Units } from "../units.ts";

/** The trades of a period. */
export interface Candle {
  readonly openMs: number;
  readonly open: Units;
  readonly high: Units;
  readonly low: Units;
  readonly close: Units;
  /** In the base asset. */
  readonly volume: Units;
  readonly quoteVolume: Units;
  /** Bought by takers. */
  readonly takerBuyVolume: Units;
  readonly takerBuyQuoteVolume: Units;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly count: number;
  readonly lastQuantity: Units;
  readonly lastTradeMs: number;
}

/** The candle of one trade alone. */
export function candleOf(trade: TapeTrade, openMs: number): Candle {
  const { price, quantity, tradeId, tradeMs } = trade;
  const quoteVolume = multiply(price, quantity);
  return {
    openMs,
    ...flatAt(price),
    volume: quantity,
    quoteVolume,
    takerBuyVolume: trade.buyerIsMaker ? 0n : quantity,
    takerBuyQuoteVolume: trade.buyerIsMaker ? 0n : quoteVolume,
    firstTradeId: tradeId,
    lastTradeId: tradeId,
    count: 1,
    lastQuantity: quantity,
    lastTradeMs: tradeMs,
  };
}

/** Two neighboring candles combined; the earlier one first. */
export function joined(earlier: Candle, later: Candle): Candle {
  // A candle without trades has no trade ids; they are -1.
  const firstTradeId = earlier.count === 0 ? later.firstTradeId : earlier.firstTradeId;
  const last = later.count === 0 ? earlier : later;
  return {
    openMs: earlier.openMs,
    open: earlier.open,
    high: greatest(earlier.high, later.high),
    low: least(earlier.low, later.low),
    close: later.close,
    volume: earlier.volume + later.volume,
    quoteVolume: earlier.quoteVolume + later.quoteVolume,
    takerBuyVolume: earlier.takerBuyVolume + later.takerBuyVolume,
    takerBuyQuoteVolume: earlier.takerBuyQuoteVolume + later.takerBuyQuoteVolume,
    firstTradeId,
    lastTradeId: last.lastTradeId,
    count: earlier.count + later.count,
    lastQuantity: last.lastQuantity,
    lastTradeMs: last.lastTradeMs,
  };
}

/** The candle of a period without trades: flat at the last price. */
export function flatCandle(openMs: number, price: Units): Candle {
  return {
    openMs,
    ...flatAt(price),
    volume: 0n,
    quoteVolume: 0n,
    takerBuyVolume: 0n,
    takerBuyQuoteVolume: 0n,
    firstTradeId: -1,
    lastTradeId: -1,
    count: 0,
    lastQuantity: 0n,
    lastTradeMs: openMs,
  };
}

/** One price, four times. */
export function flatAt(price: Units): Pick<Candle, "open" | "high" | "low" | "close"> {
  return { open: price, high: price, low: price, close: price };
}
