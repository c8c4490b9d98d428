import type { Random } from "../../../core/index.ts";
import type { BookSideName } from "../price-ladder.ts";
import { greatest, least, type Units } from "../units.ts";
import { normal, poisson } from "./distributions.ts";
import { SyntheticBook } from "./synthetic-book.ts";
import type { SyntheticSymbol } from "./synthetic-symbol.ts";

/** A trade of the market. */
export interface SyntheticTrade {
  readonly price: Units;
  readonly quantity: Units;
  readonly buyerIsMaker: boolean;
}

/** One event within a step. */
export interface SyntheticAct {
  /** How much of the step has passed, from 0 to 1. */
  readonly at: number;
  /** The trades of one taker, in order; none when only the quotes change. */
  readonly act: () => readonly SyntheticTrade[];
}

/**
 * The logarithm of the volatility follows a mean-reverting random walk, so that quiet and volatile minutes
 * alternate.
 */
const VOLATILITY = { deviation: 0.55, reversionSeconds: 40 } as const;
/** The price reverts to its start within hours, so that it stays in range during a day. */
const PRICE_REVERSION_SECONDS = 3_600;
/** The probability that a taker is on the same side as the one before. */
const SIDE_PERSISTENCE = 0.86;
/** The probability that a level which the price passes is traded; otherwise its owner has canceled it. */
const TRADED_LEVELS = 0.5;
/** The mean number of makers that a taker meets at the best price, beyond the first. */
const MEAN_FURTHER_MAKERS = 1.2;
/** The mean number of levels per side that change in a step, and their mean depth. */
const MEAN_CHURN = 13;
const MEAN_CHURN_DEPTH = 25;
/** The mean number of changes in a step of the quantity at a best price without a trade. */
const QUOTE_CHANGES = 2;

/**
 * A random market: a price with alternating quiet and volatile periods and quotes that follow it in sweeps,
 * takers that come in runs, and a book that keeps its shape.
 */
export class SyntheticMarket {
  readonly quotes: SyntheticBook;
  readonly #symbol: SyntheticSymbol;
  readonly #random: Random;
  /** The model price's distance from the start, in ticks. */
  #driftTicks = 0;
  #logVolatility = 0;
  #isBuyersTurn = true;

  constructor(symbol: SyntheticSymbol, random: Random) {
    this.#symbol = symbol;
    this.#random = random;
    this.quotes = new SyntheticBook(symbol, random);
  }

  /** Advances the time. Returns the events of that time, to be applied in order. */
  step(seconds: number): SyntheticAct[] {
    const random = this.#random;
    const calm = this.#movePrice(seconds);
    const acts: SyntheticAct[] = [];
    const add = (act: SyntheticAct["act"]): void => void acts.push({ at: random.next(), act });
    const takers = poisson(random, this.#symbol.takersPerSecond * seconds * calm);
    for (let count = 0; count < takers; count++) add(() => this.#take());
    for (let count = poisson(random, QUOTE_CHANGES); count > 0; count--) add(() => this.#requote());
    if (this.#distanceTicks() !== 0) add(() => this.#follow());
    return acts.sort((left, right) => left.at - right.at);
  }

  /** Changes levels deeper in the book. */
  churn(): void {
    for (const side of ["bids", "asks"] as const) {
      const count = Math.floor(this.#random.exponential(MEAN_CHURN * Math.exp(this.#logVolatility)));
      for (let done = 0; done < count; done++) {
        this.quotes.churn(side, 1 + Math.floor(this.#random.exponential(MEAN_CHURN_DEPTH)));
      }
      this.quotes.keepDepth(side);
    }
  }

  /** Moves the model price. Returns the current activity of the market: 1 on average. */
  #movePrice(seconds: number): number {
    const { midPrice, tick, volatilityBp } = this.#symbol;
    const { deviation, reversionSeconds } = VOLATILITY;
    const pull = seconds / reversionSeconds;
    this.#logVolatility +=
      -this.#logVolatility * pull + deviation * Math.sqrt(2 * pull) * normal(this.#random);
    const secondTicks = (Number(midPrice / tick) * volatilityBp) / 10_000;
    const scale = Math.exp(this.#logVolatility - deviation ** 2);
    this.#driftTicks += secondTicks * scale * Math.sqrt(seconds) * normal(this.#random);
    this.#driftTicks -= (this.#driftTicks * seconds) / PRICE_REVERSION_SECONDS;
    return Math.exp(this.#logVolatility - deviation ** 2 / 2);
  }

  /** How far the quotes have to move: 0 while the price is close to them. */
  #distanceTicks(): number {
    const { midPrice, tick, inertiaBp } = this.#symbol;
    const quoted = Number((this.quotes.best("bids") - midPrice) / tick);
    const distance = this.#driftTicks - quoted;
    const inertia = (Number(midPrice / tick) * inertiaBp) / 10_000;
    return Math.abs(distance) < inertia ? 0 : Math.trunc(distance);
  }

  /** A taker trades at the best price and leaves a part of it. */
  #take(): SyntheticTrade[] {
    if (this.#random.next() >= SIDE_PERSISTENCE) this.#isBuyersTurn = !this.#isBuyersTurn;
    const side: BookSideName = this.#isBuyersTurn ? "asks" : "bids";
    const price = this.quotes.best(side);
    let standing = this.quotes.book[side].get(price) ?? 0n;
    const trades: SyntheticTrade[] = [];
    for (let makers = 1 + Math.floor(this.#random.exponential(MEAN_FURTHER_MAKERS)); makers > 0; makers--) {
      const quantity = least(this.quotes.sizeOf(this.#symbol.tradeSize), standing - this.#symbol.step);
      if (quantity <= 0n) break;
      standing -= quantity;
      trades.push({ price, quantity, buyerIsMaker: side === "bids" });
    }
    this.quotes.set(side, price, standing);
    return trades;
  }

  #requote(): SyntheticTrade[] {
    const side = this.#random.next() < 0.5 ? "bids" : "asks";
    this.quotes.churn(side, 0);
    return [];
  }

  /** The quotes follow the price: a sweep through one side, then the other side moves up. */
  #follow(): SyntheticTrade[] {
    const { tick } = this.#symbol;
    const distance = this.#distanceTicks();
    if (distance === 0) return [];
    const isUp = distance > 0;
    const eaten: BookSideName = isUp ? "asks" : "bids";
    const target = this.quotes.best(eaten) + BigInt(distance) * tick;
    this.#isBuyersTurn = isUp;
    const trades: SyntheticTrade[] = [];
    for (const [price, standing] of this.quotes.book[eaten].levels()) {
      if (isUp ? price >= target : price <= target) break;
      if (trades.length > 0 && this.#random.next() >= TRADED_LEVELS) continue;
      const quantity = greatest(
        this.#symbol.step,
        least(standing, this.quotes.sizeOf(this.#symbol.tradeSize)),
      );
      trades.push({ price, quantity, buyerIsMaker: !isUp });
    }
    this.quotes.moveTouch(eaten, target);
    this.quotes.moveTouch(isUp ? "bids" : "asks", isUp ? target - tick : target + tick);
    return trades;
  }
}
