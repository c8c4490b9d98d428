import { type Clock, systemClock } from "../../core/index.ts";
import type { MarketEvent } from "../market/market-event.ts";
import type { FeeSchedule } from "../market/matching/fees.ts";
import { Ledger } from "../market/matching/ledger.ts";
import { MatchingEngine } from "../market/matching/matching-engine.ts";
import type { Order, OrderRequest } from "../market/matching/order.ts";
import { type Level, OrderBook } from "../market/order-book.ts";
import { parseUnits, type Units } from "../market/units.ts";
import { levels } from "./tapes.ts";

/** Binance's fees. */
export const BINANCE_FEES: FeeSchedule = {
  makerRate: parseUnits("0.001"),
  takerRate: parseUnits("0.001"),
  takenFrom: "received",
};
/** BTCTurk's fees. */
export const BTCTURK_FEES: FeeSchedule = {
  makerRate: parseUnits("0.0009"),
  takerRate: parseUnits("0.0018"),
  takenFrom: "quote",
};
const clock: Clock = { ...systemClock, nowMs: () => 1_700_000_000_000 };
const wire = { stream: "", envelope: Buffer.alloc(0), data: Buffer.alloc(0) };

/** A market of one symbol that the test controls. */
export class Bench {
  readonly book = new OrderBook();
  readonly ledger = new Ledger({ BTC: parseUnits("100"), USDT: parseUnits("100000") });
  readonly engine: MatchingEngine;
  #updateId = 1;
  #clientId = 0;

  constructor(bids: Level[], asks: Level[], fees = BINANCE_FEES) {
    this.book.load({ lastUpdateId: 1, bids, asks });
    const options = { ledger: this.ledger, fees, clock, firstOrderId: 1, firstTradeId: 1 };
    this.engine = new MatchingEngine({ ...options, uniqueOpenClientOrderIds: true });
    const pair = { symbol: "BTCUSDT", base: "BTC", quote: "USDT", step: parseUnits("0.00001") };
    this.engine.list({ ...pair, book: this.book });
  }

  place(side: "buy" | "sell", quantity: string, price?: string, terms: Partial<OrderRequest> = {}): Order {
    return this.engine.place({
      symbol: "BTCUSDT",
      side,
      type: price === undefined ? "market" : "limit",
      timeInForce: "gtc",
      amount: { of: "base", quantity: parseUnits(quantity) },
      limitPrice: price === undefined ? undefined : parseUnits(price),
      clientOrderId: `client-${++this.#clientId}`,
      ...terms,
    });
  }

  depth(change: { bids?: Level[]; asks?: Level[] }): void {
    const ids = { firstUpdateId: this.#updateId + 1, lastUpdateId: ++this.#updateId };
    const diff = { ...ids, eventMs: 0, bids: change.bids ?? [], asks: change.asks ?? [] };
    this.book.apply(diff);
    this.#emit({ kind: "depth", symbol: "BTCUSDT", wire, diff });
  }

  trade(price: Units, quantity: Units, buyerIsMaker: boolean): void {
    const trade = { tradeId: 1, price, quantity, buyerIsMaker, tradeMs: 0 };
    this.#emit({ kind: "trade", symbol: "BTCUSDT", wire, trade });
  }

  #emit(event: MarketEvent): void {
    this.engine.onMarketEvent(event);
  }
}

/** A bench with two levels a side: 99 and 98 bid, 101 and 102 asked. */
export const bench = (fees?: FeeSchedule): Bench =>
  new Bench(levels(["99", "1"], ["98", "2"]), levels(["101", "1"], ["102", "2"]), fees);
