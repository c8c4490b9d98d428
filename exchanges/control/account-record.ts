import type { BestPriceHistory } from "../market/best-price-history.ts";
import type { Ledger } from "../market/matching/ledger.ts";
import type { Order, Trade } from "../market/matching/order.ts";
import { formatUnits } from "../market/units.ts";

/** One order in the venue's own books, independent of what the platform received. Decimal strings. */
export interface VenueOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly type: Order["type"];
  readonly status: Order["status"];
  /** `null` for a market order. */
  readonly price: string | null;
  readonly quantity: string;
  readonly executedQuantity: string;
  readonly executedQuote: string;
  /** Wall time, ms since the epoch. */
  readonly acceptedAtMs: number;
}

/** One fill in the venue's own books. */
export interface VenueTrade {
  readonly tradeId: number;
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly price: string;
  readonly quantity: string;
  /** The amount in the quote asset: price × quantity, truncated to eight decimals. */
  readonly cost: string;
  readonly fee: string;
  readonly feeAsset: string;
  /** Wall time, ms since the epoch. */
  readonly atMs: number;
}

/** One asset in the venue's own books. */
export interface VenueBalance {
  readonly asset: string;
  readonly initial: string;
  readonly free: string;
  readonly locked: string;
}

/** The real best prices of a symbol, independent of what a feed sent. Decimal strings. */
export interface VenueBook {
  readonly symbol: string;
  readonly bid: string;
  readonly ask: string;
  /** The best prices of the last one and a half seconds of the tape, since feeds send them with a delay. */
  readonly recent: readonly { readonly bid: string; readonly ask: string }[];
}

export function venueBooks(history: BestPriceHistory): VenueBook[] {
  return [...history.symbols].flatMap(([symbol, stood]) => {
    const recent = stood.map(({ bid, ask }) => ({ bid: formatUnits(bid), ask: formatUnits(ask) }));
    const now = recent.at(-1);
    return now === undefined ? [] : [{ symbol, ...now, recent }];
  });
}

export function venueOrder(order: Order): VenueOrder {
  const { orderId, clientOrderId, symbol, side, type, status, acceptedAtMs } = order;
  return {
    ...{ orderId, clientOrderId, symbol, side, type, status },
    price: type === "market" || order.limitPrice === undefined ? null : formatUnits(order.limitPrice),
    quantity: formatUnits(order.quantity),
    executedQuantity: formatUnits(order.executedQuantity),
    executedQuote: formatUnits(order.executedQuote),
    acceptedAtMs,
  };
}

export function venueTrade(trade: Trade): VenueTrade {
  const { tradeId, orderId, clientOrderId, symbol, side, feeAsset, atMs } = trade;
  return {
    ...{ tradeId, orderId, clientOrderId, symbol, side },
    price: formatUnits(trade.price),
    quantity: formatUnits(trade.quantity),
    cost: formatUnits(trade.quote),
    fee: formatUnits(trade.fee),
    feeAsset,
    atMs,
  };
}

export function venueBalances(ledger: Ledger): VenueBalance[] {
  return ledger.balances.map(({ asset, initial, free, locked }) => ({
    asset,
    initial: formatUnits(initial),
    free: formatUnits(free),
    locked: formatUnits(locked),
  }));
}
