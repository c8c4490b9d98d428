import { type Random, seededRandom } from "../../core/index.ts";
import { formatUnits, parseUnits, type Units } from "../market/units.ts";

/** One quote of the feed. Prices are decimal strings with two decimals. */
export interface BistQuote {
  readonly type: "quote";
  readonly symbol: string;
  readonly bid: string;
  readonly ask: string;
  readonly last: string;
  /** Counts up by one for each quote of the symbol. */
  readonly sequence: number;
  /** Wall time, ms since the epoch. */
  readonly atMs: number;
}

/** The symbols of the feed and where their walk begins. */
export const BIST_SYMBOLS: readonly { readonly symbol: string; readonly price: Units }[] = [
  { symbol: "THYAO", price: parseUnits("312.50") },
  { symbol: "GARAN", price: parseUnits("138.20") },
  { symbol: "ASELS", price: parseUnits("204.90") },
];

const TICK = parseUnits("0.01");
/** No equity moves further than this from its base price in a session: the exchange's daily limit. */
const DAILY_LIMIT_PERCENT = 10n;

/** A seeded random walk of one symbol, on its tick grid and within its daily limit. */
export class QuoteWalk {
  readonly #symbol: string;
  readonly #base: Units;
  readonly #random: Random;
  #price: Units;
  #sequence = 0;

  constructor(symbol: string, base: Units, seed: number) {
    this.#symbol = symbol;
    this.#base = base;
    this.#price = base;
    this.#random = seededRandom(seed).fork(`bist ${symbol}`);
  }

  /** Moves on and gives the new quote. */
  next(atMs: number): BistQuote {
    const moved = this.#price + BigInt(this.#random.below(5) - 2) * TICK;
    const limit = (this.#base * DAILY_LIMIT_PERCENT) / 100n;
    if (moved > this.#base - limit && moved < this.#base + limit) this.#price = moved;
    const spread = BigInt(1 + this.#random.below(2)) * TICK;
    const last = this.#random.next() < 0.5 ? this.#price : this.#price + spread;
    return {
      type: "quote",
      symbol: this.#symbol,
      bid: twoDecimals(this.#price),
      ask: twoDecimals(this.#price + spread),
      last: twoDecimals(last),
      sequence: ++this.#sequence,
      atMs,
    };
  }
}

function twoDecimals(price: Units): string {
  return formatUnits(price).slice(0, -6);
}
