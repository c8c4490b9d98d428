import type { OrderBook } from "../order-book.ts";
import type { Units } from "../units.ts";
import type { Pair } from "./fees.ts";
import { Liquidity } from "./liquidity.ts";
import type { OrderRequest } from "./order.ts";
import { OwnBook, oppositeOf } from "./own-book.ts";
import { inPriceOrder, type Sweep, sweep } from "./sweep.ts";
import { WaitingOrders } from "./waiting-orders.ts";

/** A pair that the engine trades, with the tape's book. */
export interface EngineSymbol extends Pair {
  readonly book: OrderBook;
  /** The smallest step of a quantity. */
  readonly step: Units;
}

/** One symbol of one engine: the tape's book, and the account's orders. */
export class SymbolBook {
  readonly pair: EngineSymbol;
  readonly liquidity: Liquidity;
  readonly own = new OwnBook();
  readonly waiting = new WaitingOrders();
  #lastPrice: Units | undefined;

  constructor(pair: EngineSymbol) {
    this.pair = pair;
    this.liquidity = new Liquidity(pair.book);
  }

  /** The tape's last price; before its first trade, the book's mid. */
  get lastPrice(): Units | undefined {
    return this.#lastPrice ?? this.#middle();
  }

  /** Records the price of a public trade. */
  traded(price: Units): void {
    this.#lastPrice = price;
  }

  /** What an order would execute if it came now. */
  sweep(request: OrderRequest): Sweep {
    const side = oppositeOf(request);
    const own = this.own.reaching(side, request.limitPrice);
    const isBetterOrEqual = (price: Units, than: Units): boolean => this.own[side].reaches(price, than);
    return sweep(request, inPriceOrder(this.liquidity.levels(side), own, isBetterOrEqual), this.pair.step);
  }

  #middle(): Units | undefined {
    const bid = this.pair.book.bids.bestPrice;
    const ask = this.pair.book.asks.bestPrice;
    return bid === undefined || ask === undefined ? (bid ?? ask) : (bid + ask) / 2n;
  }
}
