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

/** One thing that happens within a step. */
export interface SyntheticAct {
  /** How much of the step has passed, from 0 to 1. */
  readonly at: number;
  /** Trades of one taker, in their order; none when only the quotes change. */
  readonly act: () => readonly SyntheticTrade[];
}

/** The volatility's logarithm wanders and reverts, so that quiet and restless minutes follow each other. */
const RESTLESSNESS = { deviation: 0.55, reversionSeconds: 40 } as const;
/** The price reverts to where it began within hours, so that a day does not lead it away. */
const PRICE_REVERSION_SECONDS = 3_600;
/** How often a taker is on the side of the one before. */
const SIDE_PERSISTENCE = 0.86;
/** How often a level that the price passes is traded away; otherwise its owner has canceled it before. */
const TRADED_LEVELS = 0.5;
/** Makers that a taker meets at the best price, after the first. */
const MEAN_FURTHER_MAKERS = 1.2;
/** Levels of a side that change in a step, on average, and how deep they lie. */
const MEAN_CHURN = 13;
const MEAN_CHURN_DEPTH = 25;
/** How often in a step the quantity at a best price changes without a trade. */
const QUOTE_CHANGES = 2;

/**
 * A random market: a price that wanders in quiet and restless times and quotes that follow it in sweeps, takers that
 * come in runs, and a book that keeps its shape meanwhile.
 */
export class SyntheticMarket {
  readonly quotes: SyntheticBook;
  readonly #symbol: SyntheticSymbol;
  readonly #random: Random;
  /** The wandering price's distance from the start, in ticks. */
  #driftTicks = 0;
  #restlessness = 0;
  #isBuyersTurn = true;

  constructor(symbol: SyntheticSymbol, random: Random) {
    this.#symbol = symbol;
    this.#random = random;
    this.quotes = new SyntheticBook(symbol, random);
  }

  /** Lets some time pass. Returns what happens in it, in order, to be done one after the other. */
  step(seconds: number): SyntheticAct[] {
    const random = this.#random;
    const calm = this.#wander(seconds);
    const acts: SyntheticAct[] = [];
    const add = (act: SyntheticAct["act"]): void => void acts.push({ at: random.next(), act });
    const takers = poisson(random, this.#symbol.takersPerSecond * seconds * calm);
    for (let count = 0; count < takers; count++) add(() => this.#take());
    for (let count = poisson(random, QUOTE_CHANGES); count > 0; count--) add(() => this.#requote());
    if (this.#distanceTicks() !== 0) add(() => this.#follow());
    return acts.sort((left, right) => left.at - right.at);
  }

  /** Changes levels in the depth of the book. */
  churn(): void {
    for (const side of ["bids", "asks"] as const) {
      const count = Math.floor(this.#random.exponential(MEAN_CHURN * Math.exp(this.#restlessness)));
      for (let done = 0; done < count; done++) {
        this.quotes.churn(side, 1 + Math.floor(this.#random.exponential(MEAN_CHURN_DEPTH)));
      }
      this.quotes.keepDepth(side);
    }
  }

  /** Moves the wandering price. Returns how busy the market is: 1 on average. */
  #wander(seconds: number): number {
    const { midPrice, tick, volatilityBp } = this.#symbol;
    const { deviation, reversionSeconds } = RESTLESSNESS;
    const pull = seconds / reversionSeconds;
    this.#restlessness += -this.#restlessness * pull + deviation * Math.sqrt(2 * pull) * normal(this.#random);
    const secondTicks = (Number(midPrice / tick) * volatilityBp) / 10_000;
    const scale = Math.exp(this.#restlessness - deviation ** 2);
    this.#driftTicks += secondTicks * scale * Math.sqrt(seconds) * normal(this.#random);
    this.#driftTicks -= (this.#driftTicks * seconds) / PRICE_REVERSION_SECONDS;
    return Math.exp(this.#restlessness - deviation ** 2 / 2);
  }

  /** How far the quotes are to move: nothing while the price is near them. */
  #distanceTicks(): number {
    const { midPrice, tick, inertiaBp } = this.#symbol;
    const quoted = Number((this.quotes.best("bids") - midPrice) / tick);
    const distance = this.#driftTicks - quoted;
    const inertia = (Number(midPrice / tick) * inertiaBp) / 10_000;
    return Math.abs(distance) < inertia ? 0 : Math.trunc(distance);
  }

  /** A taker trades at the best price and leaves something of it. */
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

  /** The quotes follow the price: a sweep through one side, and the other side closes up. */
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
