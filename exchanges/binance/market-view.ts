import { type Candle, flatAt } from "../market/history/candle.ts";
import type { AggregateTrade } from "../market/history/trade-log.ts";
import type { SymbolMarket } from "../market/market.ts";
import { fromLevel, type TapeTrade } from "../market/tape/frame-codec.ts";
import { formatUnits, multiply, ONE, type Units } from "../market/units.ts";

/** A public trade as `GET /api/v3/trades` returns it. */
export function tradeView(trade: TapeTrade): Record<string, unknown> {
  return {
    id: trade.tradeId,
    price: formatUnits(trade.price),
    qty: formatUnits(trade.quantity),
    quoteQty: formatUnits(multiply(trade.price, trade.quantity)),
    time: trade.tradeMs,
    isBuyerMaker: trade.buyerIsMaker,
    isBestMatch: true,
  };
}

/** An aggregate trade as REST returns it; the stream adds event, time and symbol. */
export function aggregateView(trade: AggregateTrade): Record<string, unknown> {
  return {
    a: trade.aggregateId,
    p: formatUnits(trade.price),
    q: formatUnits(trade.quantity),
    f: trade.firstTradeId,
    l: trade.lastTradeId,
    T: trade.tradeMs,
    m: trade.buyerIsMaker,
    M: true,
  };
}

/** A candle as `GET /api/v3/klines` returns it. */
export function klineView(candle: Candle, closeMs: number): unknown[] {
  return [
    candle.openMs,
    formatUnits(candle.open),
    formatUnits(candle.high),
    formatUnits(candle.low),
    formatUnits(candle.close),
    formatUnits(candle.volume),
    closeMs,
    formatUnits(candle.quoteVolume),
    candle.count,
    formatUnits(candle.takerBuyVolume),
    formatUnits(candle.takerBuyQuoteVolume),
    "0",
  ];
}

/** A ticker's statistics over a period. Before the first trade every price is the best bid. */
export interface Statistics {
  readonly open: Units;
  readonly high: Units;
  readonly low: Units;
  readonly close: Units;
  readonly volume: Units;
  readonly quoteVolume: Units;
  readonly weightedAverage: Units;
  readonly change: Units;
  /** With three decimals: `-1.234`. */
  readonly changePercent: string;
  readonly lastQuantity: Units;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly count: number;
}

/** The statistics of the trades since a time. */
export function statisticsSince({ book, history }: SymbolMarket, fromMs: number): Statistics {
  const candle = history.since(fromMs);
  const { open, high, low, close } = candle ?? flatAt(lastPriceOf({ book, history }));
  const { volume = 0n, quoteVolume = 0n } = candle ?? {};
  const change = close - open;
  return {
    open,
    high,
    low,
    close,
    volume,
    quoteVolume,
    change,
    weightedAverage: volume === 0n ? 0n : (quoteVolume * ONE) / volume,
    changePercent: open === 0n ? "0.000" : percent(change, open),
    lastQuantity: candle?.lastQuantity ?? 0n,
    firstTradeId: candle?.firstTradeId ?? -1,
    lastTradeId: candle?.lastTradeId ?? -1,
    count: candle?.count ?? 0,
  };
}

/** The last price; before the tape's first trade, the best bid. */
export function lastPriceOf({ book, history }: Pick<SymbolMarket, "book" | "history">): Units {
  return history.log.trades.at(-1)?.price ?? book.bids.bestPrice ?? 0n;
}

/** The best level of each side, as strings. */
export function touchOf({ book }: SymbolMarket): { bid: [string, string]; ask: [string, string] } {
  return {
    bid: fromLevel(book.top("bids", 1)[0] ?? [0n, 0n]),
    ask: fromLevel(book.top("asks", 1)[0] ?? [0n, 0n]),
  };
}

/** A ratio in percent with three decimals, truncated. */
function percent(part: Units, whole: Units): string {
  const thousandths = (part * 100_000n) / whole;
  const sign = thousandths < 0n ? "-" : "";
  const digits = (thousandths < 0n ? -thousandths : thousandths).toString().padStart(4, "0");
  return `${sign}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}
