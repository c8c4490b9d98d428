import type { Units } from "./units.ts";

/** The two sides of a book: bids of buyers, asks of sellers. */
export type BookSideName = "bids" | "asks";

/**
 * Values by price, iterated from the best price: the highest bid, or the lowest ask. Prices are kept in an
 * array with the best at its end, because most changes are made there.
 */
export class PriceLadder<Value> {
  readonly side: BookSideName;
  readonly #values = new Map<Units, Value>();
  readonly #prices: Units[] = [];

  constructor(side: BookSideName) {
    this.side = side;
  }

  get size(): number {
    return this.#prices.length;
  }

  get bestPrice(): Units | undefined {
    return this.#prices.at(-1);
  }

  get worstPrice(): Units | undefined {
    return this.#prices[0];
  }

  get(price: Units): Value | undefined {
    return this.#values.get(price);
  }

  set(price: Units, value: Value): void {
    if (!this.#values.has(price)) this.#prices.splice(this.#positionOf(price), 0, price);
    this.#values.set(price, value);
  }

  delete(price: Units): boolean {
    if (!this.#values.delete(price)) return false;
    this.#prices.splice(this.#positionOf(price), 1);
    return true;
  }

  clear(): void {
    this.#values.clear();
    this.#prices.length = 0;
  }

  /** Prices and values, best first. The ladder must not change during the iteration. */
  *levels(): Generator<readonly [Units, Value]> {
    for (let index = this.#prices.length - 1; index >= 0; index--) {
      const price = this.#prices[index];
      const value = price === undefined ? undefined : this.#values.get(price);
      if (price !== undefined && value !== undefined) yield [price, value];
    }
  }

  /**
   * Whether `price` is at least as good for the other side as `limit`: a bid at or above it, an ask at or
   * below it.
   */
  reaches(price: Units, limit: Units): boolean {
    return this.side === "bids" ? price >= limit : price <= limit;
  }

  #positionOf(price: Units): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#prices[middle];
      if (other !== undefined && (this.side === "bids" ? other < price : other > price)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
