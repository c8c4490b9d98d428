import type { Random } from "../../../core/index.ts";
import { type Level, OrderBook } from "../order-book.ts";
import type { BookSideName } from "../price-ladder.ts";
import { least, type Units } from "../units.ts";

/** How a synthetic symbol looks at its start. */
export interface SyntheticSymbol {
  readonly symbol: string;
  readonly midPrice: Units;
  readonly tick: Units;
  readonly step: Units;
  /** Mean quantity of a level, in steps. */
  readonly meanSteps: number;
  /** Mean distance of neighbouring levels, in ticks. */
  readonly meanGapTicks: number;
}

/** A trade that a step of the market made. */
export interface SyntheticTrade {
  readonly price: Units;
  readonly quantity: Units;
  readonly buyerIsMaker: boolean;
}

const LEVELS = 1_000;
const CHURN = 8;

/** A random market that reverts to where it began: touch moves, levels come and go, trades eat the touch. */
export class SyntheticMarket {
  readonly book = new OrderBook();
  readonly #random: Random;
  readonly #symbol: SyntheticSymbol;
  readonly #changed = { bids: new Map<Units, Units>(), asks: new Map<Units, Units>() };

  constructor(symbol: SyntheticSymbol, random: Random) {
    this.#symbol = symbol;
    this.#random = random;
    this.book.bids.set(symbol.midPrice, this.#quantity());
    this.book.asks.set(symbol.midPrice + symbol.tick, this.#quantity());
    for (const side of ["bids", "asks"] as const) this.#fillUp(side);
    this.takeChanges();
  }

  /** Trades against the touch, sometimes through it. */
  trade(): SyntheticTrade {
    const buyerIsMaker = this.#random.next() < 0.5;
    const side: BookSideName = buyerIsMaker ? "bids" : "asks";
    const price = this.book[side].bestPrice ?? this.#symbol.midPrice;
    const standing = this.book[side].get(price) ?? this.#symbol.step;
    const quantity = least(this.#quantity(0.2), standing);
    this.#set(side, price, standing - quantity);
    this.#fillUp(side);
    return { price, quantity, buyerIsMaker };
  }

  /** Moves the touch, changes levels, keeps each side a thousand levels deep. */
  move(): void {
    if (this.#random.next() < 0.3) this.#moveTouch();
    for (const side of ["bids", "asks"] as const) {
      for (let count = 0; count < CHURN; count++) this.#churn(side);
      this.#fillUp(side);
    }
  }

  /** The levels that changed since this was last asked, as a depth diff tells them. */
  takeChanges(): { bids: Level[]; asks: Level[] } {
    const taken = { bids: [...this.#changed.bids], asks: [...this.#changed.asks] };
    this.#changed.bids.clear();
    this.#changed.asks.clear();
    return taken;
  }

  #moveTouch(): void {
    const bestBid = this.book.bids.bestPrice ?? this.#symbol.midPrice;
    const away = Number((bestBid - this.#symbol.midPrice) / this.#symbol.tick);
    const reach = 60 * this.#symbol.meanGapTicks;
    const up = this.#random.next() < 0.5 - away / reach;
    const [eaten, followed]: [BookSideName, BookSideName] = up ? ["asks", "bids"] : ["bids", "asks"];
    const price = this.book[eaten].bestPrice;
    if (price === undefined) return;
    this.#set(eaten, price, 0n);
    this.#fillUp(eaten);
    const touch = this.book[eaten].bestPrice ?? price;
    this.#set(followed, up ? touch - this.#symbol.tick : touch + this.#symbol.tick, this.#quantity());
  }

  #churn(side: BookSideName): void {
    const depth = Math.min(Math.floor(this.#random.exponential(12)), this.book[side].size - 1);
    const level = this.book[side].levels().drop(depth).next().value;
    if (level === undefined) return;
    const deletes = depth > 0 && this.#random.next() < 0.3;
    this.#set(side, level[0], deletes ? 0n : this.#quantity());
    if (!deletes || this.#random.next() < 0.2) return;
    const outward = side === "bids" ? -this.#symbol.tick : this.#symbol.tick;
    this.#set(side, level[0] + outward, this.#quantity());
  }

  #fillUp(side: BookSideName): void {
    const ladder = this.book[side];
    if (ladder.size >= LEVELS) return;
    let worst = ladder.worstPrice ?? this.#symbol.midPrice;
    while (ladder.size < LEVELS) {
      const gap = 1n + BigInt(Math.floor(this.#random.exponential(this.#symbol.meanGapTicks)));
      worst += (side === "bids" ? -gap : gap) * this.#symbol.tick;
      this.#set(side, worst, this.#quantity());
    }
  }

  #quantity(share = 1): Units {
    const steps = 1 + Math.floor(this.#random.exponential(this.#symbol.meanSteps * share));
    return BigInt(steps) * this.#symbol.step;
  }

  #set(side: BookSideName, price: Units, quantity: Units): void {
    if (quantity === 0n) this.book[side].delete(price);
    else this.book[side].set(price, quantity);
    this.#changed[side].set(price, quantity);
  }
}
