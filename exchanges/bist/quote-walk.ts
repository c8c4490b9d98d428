import { type Random, seededRandom } from "../../core/index.ts";
import type { VenueOf } from "../../venues/index.ts";
import { formatUnits, parseUnits, type Units } from "../market/units.ts";

/** A symbol and its base price, where the walk begins and around which the daily limit applies. */
export interface BistSymbol {
  readonly symbol: string;
  readonly price: Units;
}

const BASE_PRICES: Readonly<Record<VenueOf<"bist">["symbols"][number], string>> = {
  THYAO: "312.50",
  GARAN: "138.20",
  ASELS: "204.90",
};

/** The symbols of the feed. */
export const BIST_SYMBOLS: readonly BistSymbol[] = Object.entries(BASE_PRICES).map(([symbol, price]) => ({
  symbol,
  price: parseUnits(price),
}));

/** Tick sizes of the equity market: each applies to prices below its bound. */
const TICKS: readonly (readonly [below: Units, tick: Units])[] = [
  [parseUnits("20"), parseUnits("0.01")],
  [parseUnits("50"), parseUnits("0.02")],
  [parseUnits("100"), parseUnits("0.05")],
  [parseUnits("250"), parseUnits("0.10")],
  [parseUnits("500"), parseUnits("0.25")],
  [parseUnits("1000"), parseUnits("0.50")],
  [parseUnits("2500"), parseUnits("1")],
];
const LARGEST_TICK = parseUnits("2.50");
/** No equity moves further than this from its base price in a session: the exchange's daily limit. */
const DAILY_LIMIT_PERCENT = 10n;
const LOT = 100;

/** The tick size at a price. */
export function tickAt(price: Units): Units {
  return TICKS.find(([below]) => price < below)?.[1] ?? LARGEST_TICK;
}

/** Bid, ask and last price, on the tick grid, never crossed. Two decimals. */
export interface Touch {
  readonly bid: string;
  readonly ask: string;
  readonly last: string;
}

/** The price and quantity that an auction would trade if it ended now. */
export interface AuctionPrice {
  readonly price: string;
  readonly quantity: number;
}

/** A seeded random walk of one symbol, on its tick grid and within its daily limit. */
export class QuoteWalk {
  readonly symbol: string;
  readonly #base: Units;
  readonly #random: Random;
  #price: Units;
  #last: Units;
  #collected = 0;

  constructor({ symbol, price }: BistSymbol, seed: number) {
    this.symbol = symbol;
    this.#base = price;
    this.#price = price;
    this.#last = price;
    this.#random = seededRandom(seed).fork(`bist ${symbol}`);
  }

  /** The price that last traded. */
  get last(): string {
    return twoDecimals(this.#last);
  }

  /** One step in continuous trading. */
  trade(): Touch {
    this.#step(2);
    const ask = this.#price + BigInt(1 + this.#random.below(2)) * tickAt(this.#price);
    this.#last = this.#random.next() < 0.5 ? this.#price : ask;
    return { bid: twoDecimals(this.#price), ask: twoDecimals(ask), last: this.last };
  }

  /** One step in an auction: more orders come in, and the price at which most of them would trade moves. */
  collect(): AuctionPrice {
    this.#step(4);
    this.#collected += (1 + this.#random.below(50)) * LOT;
    return { price: twoDecimals(this.#price), quantity: this.#collected };
  }

  /** Ends an auction: all collected orders trade at one price. */
  uncross(): AuctionPrice {
    const result = { price: twoDecimals(this.#price), quantity: this.#collected };
    this.#last = this.#price;
    this.#collected = 0;
    return result;
  }

  #step(reachTicks: number): void {
    const moved =
      this.#price + BigInt(this.#random.below(2 * reachTicks + 1) - reachTicks) * tickAt(this.#price);
    const limit = (this.#base * DAILY_LIMIT_PERCENT) / 100n;
    // The ask can be two ticks above the bid and must also be within the limit, on the same grid.
    const highest = moved + 2n * tickAt(moved);
    const isInside = moved > this.#base - limit && highest < this.#base + limit;
    if (isInside && moved % tickAt(moved) === 0n) this.#price = moved;
  }
}

function twoDecimals(price: Units): string {
  return formatUnits(price).slice(0, -6);
}
