import type { Random } from "../../../core/index.ts";
import { type Level, OrderBook } from "../order-book.ts";
import type { BookSideName } from "../price-ladder.ts";
import type { Units } from "../units.ts";
import { lognormal } from "./distributions.ts";
import type { SizeProfile, SyntheticSymbol } from "./synthetic-symbol.ts";

/** Levels per side, as many as the venue's snapshot has. */
const LEVELS = 1_000;
/** A side may exceed this by so many levels before the farthest are dropped. */
const SPARE_LEVELS = 100;
const SIDES = ["bids", "asks"] as const;

/**
 * A book with a stable shape: the distances and sizes of its levels stay those of the symbol, whatever
 * happens at the best prices. It records its changes for the next diff.
 */
export class SyntheticBook {
  readonly book = new OrderBook();
  readonly #symbol: SyntheticSymbol;
  readonly #random: Random;
  readonly #changed = { bids: new Map<Units, Units>(), asks: new Map<Units, Units>() };

  constructor(symbol: SyntheticSymbol, random: Random) {
    this.#symbol = symbol;
    this.#random = random;
    this.set("bids", symbol.midPrice, this.touchSize());
    this.set("asks", symbol.midPrice + symbol.tick, this.touchSize());
    for (const side of SIDES) this.keepDepth(side);
    this.takeChanges();
  }

  /** The best price of a side, which is never empty. */
  best(side: BookSideName): Units {
    return this.book[side].bestPrice ?? this.#symbol.midPrice;
  }

  /** Sets a level; the quantity 0 deletes it. */
  set(side: BookSideName, price: Units, quantity: Units): void {
    if (quantity === 0n) this.book[side].delete(price);
    else this.book[side].set(price, quantity);
    this.#changed[side].set(price, quantity);
  }

  /** Moves the best price of a side to `touch`: deletes the levels beyond it, or adds levels up to it. */
  moveTouch(side: BookSideName, touch: Units): void {
    const isBeyond = (price: Units): boolean => (side === "bids" ? price > touch : price < touch);
    while (isBeyond(this.best(side)) && this.book[side].size > 1) this.set(side, this.best(side), 0n);
    const start = this.best(side);
    this.set(side, touch, this.touchSize());
    // The former best level becomes an ordinary level.
    if (start !== touch) this.set(side, start, this.#levelSize());
    for (
      let price = this.#outward(side, touch);
      this.#isOutside(side, start, price);
      price = this.#outward(side, price)
    )
      this.set(side, price, this.#levelSize());
  }

  /**
   * Changes a level, adds one where they are sparse, or deletes one where they are dense. `depth` 0 is the
   * best.
   */
  churn(side: BookSideName, depth: number): void {
    const ladder = this.book[side];
    const index = Math.min(depth, ladder.size - 1);
    if (index === 0) {
      this.set(side, this.best(side), this.touchSize());
      return;
    }
    const [inner, level] = ladder
      .levels()
      .drop(index - 1)
      .take(2)
      .toArray();
    if (inner === undefined || level === undefined) return;
    const [price] = level;
    const ticksAway = Number((price - this.best(side)) / this.#symbol.tick);
    const usual = index * this.#symbol.meanGapTicks;
    // Near the usual density, adding and deleting are equally likely; far from it, only the one that restores
    // it happens.
    const isSparse = this.#random.next() < Math.abs(ticksAway) / (Math.abs(ticksAway) + usual);
    const roll = this.#random.next();
    if (roll < 0.5) this.set(side, price, this.#levelSize());
    else if (isSparse) this.set(side, this.#outward(side, inner[0]), this.#levelSize());
    else this.set(side, price, 0n);
  }

  /** Adds levels at the end or drops the farthest, so that a side stays about a thousand levels deep. */
  keepDepth(side: BookSideName): void {
    const ladder = this.book[side];
    while (ladder.size < LEVELS) {
      this.set(side, this.#outward(side, ladder.worstPrice ?? this.#symbol.midPrice), this.#levelSize());
    }
    while (ladder.size > LEVELS + SPARE_LEVELS && ladder.worstPrice !== undefined)
      this.set(side, ladder.worstPrice, 0n);
  }

  /** The levels that changed since the last call, as a depth diff contains them. */
  takeChanges(): { bids: Level[]; asks: Level[] } {
    const taken = { bids: [...this.#changed.bids], asks: [...this.#changed.asks] };
    this.#changed.bids.clear();
    this.#changed.asks.clear();
    return taken;
  }

  /** A quantity for the best level. */
  touchSize(): Units {
    return this.#quantity(
      0.05 * this.#symbol.meanTouch + this.#random.exponential(0.95 * this.#symbol.meanTouch),
    );
  }

  /** A quantity with a lognormal size. */
  sizeOf({ median, spread }: SizeProfile): Units {
    return this.#quantity(lognormal(this.#random, median, spread));
  }

  #levelSize(): Units {
    return this.sizeOf(this.#symbol.levelSize);
  }

  #quantity(coins: number): Units {
    const { step } = this.#symbol;
    return BigInt(Math.max(1, Math.round((coins * 1e8) / Number(step)))) * step;
  }

  /** A price about one level farther from the mid. */
  #outward(side: BookSideName, from: Units): Units {
    const ticks = 1n + BigInt(Math.floor(this.#random.exponential(this.#symbol.meanGapTicks - 0.5)));
    return from + (side === "bids" ? -ticks : ticks) * this.#symbol.tick;
  }

  #isOutside(side: BookSideName, limit: Units, price: Units): boolean {
    return side === "bids" ? price > limit : price < limit;
  }
}
