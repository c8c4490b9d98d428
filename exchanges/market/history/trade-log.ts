import type { TapeTrade } from "../tape/frame-codec.ts";
import type { Units } from "../units.ts";

/** The trades of one taker order at one price, combined. */
export interface AggregateTrade {
  readonly aggregateId: number;
  readonly price: Units;
  readonly quantity: Units;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly tradeMs: number;
  readonly buyerIsMaker: boolean;
}

/** The limit of trades kept, of each kind. */
const KEPT = 50_000;

/**
 * A symbol's public trades, raw and aggregated. The tape does not contain the taker's order: trades at one
 * time, price and side are assumed to belong to one order.
 */
export class TradeLog {
  readonly #trades: TapeTrade[] = [];
  readonly #closed: AggregateTrade[] = [];
  #open: AggregateTrade | undefined;
  #nextAggregateId: number | undefined;
  #closedCount = 0;

  /** Adds a trade, which may end the aggregate before it. */
  add(trade: TapeTrade): void {
    this.#trades.push(trade);
    trim(this.#trades);
    const open = this.#open;
    if (open !== undefined && belongsTo(trade, open)) {
      this.#open = { ...open, quantity: open.quantity + trade.quantity, lastTradeId: trade.tradeId };
      return;
    }
    this.endAggregate();
    this.#nextAggregateId ??= trade.tradeId;
    const { price, quantity, tradeId, tradeMs, buyerIsMaker } = trade;
    const aggregateId = this.#nextAggregateId++;
    const ids = { aggregateId, firstTradeId: tradeId, lastTradeId: tradeId };
    this.#open = { ...ids, price, quantity, tradeMs, buyerIsMaker };
  }

  /** Completes the open aggregate, since the market has moved on. */
  endAggregate(): void {
    if (this.#open === undefined) return;
    this.#closed.push(this.#open);
    this.#closedCount++;
    trim(this.#closed);
    this.#open = undefined;
  }

  /** Raw trades, oldest first. */
  get trades(): readonly TapeTrade[] {
    return this.#trades;
  }

  /** Completed aggregates, oldest first. */
  get aggregates(): readonly AggregateTrade[] {
    return this.#closed;
  }

  /** The total number of completed aggregates. */
  get aggregateCount(): number {
    return this.#closedCount;
  }

  /** The aggregates that were completed after the first `count` ones. */
  aggregatesSince(count: number): readonly AggregateTrade[] {
    const fresh = this.#closedCount - count;
    return fresh > 0 ? this.#closed.slice(-fresh) : [];
  }
}

function belongsTo(trade: TapeTrade, { price, tradeMs, buyerIsMaker }: AggregateTrade): boolean {
  return trade.price === price && trade.tradeMs === tradeMs && trade.buyerIsMaker === buyerIsMaker;
}

function trim(list: unknown[]): void {
  if (list.length > 2 * KEPT) list.splice(0, KEPT);
}
