import type { Level, OrderBook } from "../order-book.ts";
import type { BookSideName } from "../price-ladder.ts";
import type { Units } from "../units.ts";

/**
 * The quantities in the tape's book that one venue's orders can still trade with. What they took from a level
 * stays taken until the tape updates that level, since the recording does not contain these trades.
 */
export class Liquidity {
  readonly #book: OrderBook;
  readonly #taken = { bids: new Map<Units, Units>(), asks: new Map<Units, Units>() };

  constructor(book: OrderBook) {
    this.#book = book;
  }

  /** The remaining quantity at a price. */
  at(side: BookSideName, price: Units): Units {
    return this.#left(side, price, this.#book[side].get(price) ?? 0n);
  }

  /** The best price with a remaining quantity. */
  best(side: BookSideName): Units | undefined {
    return this.levels(side).next().value?.[0];
  }

  /** Levels with a remaining quantity, best first. */
  *levels(side: BookSideName): Generator<Level> {
    for (const [price, quantity] of this.#book[side].levels()) {
      const left = this.#left(side, price, quantity);
      if (left > 0n) yield [price, left];
    }
  }

  take(side: BookSideName, price: Units, quantity: Units): void {
    this.#taken[side].set(price, (this.#taken[side].get(price) ?? 0n) + quantity);
  }

  /** Clears what was taken from a level, since the tape has updated it. */
  renew(side: BookSideName, price: Units): void {
    this.#taken[side].delete(price);
  }

  #left(side: BookSideName, price: Units, quantity: Units): Units {
    const left = quantity - (this.#taken[side].get(price) ?? 0n);
    return left > 0n ? left : 0n;
  }
}
