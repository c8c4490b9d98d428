import type { Wire } from "../../market/market-event.ts";
import type { DepthDiff } from "../../market/order-book.ts";
import { encodeDepth } from "../../market/tape/frame-codec.ts";
import type { Units } from "../../market/units.ts";

const PERIOD_MS = 1_000;

/** Gathers a symbol's 100 ms diffs into those of the slower stream `<symbol>@depth`, one a second. */
export class DepthSecond {
  readonly #symbol: string;
  readonly #stream: string;
  #firstUpdateId: number | undefined;
  #second: number | undefined;
  readonly #bids = new Map<Units, Units>();
  readonly #asks = new Map<Units, Units>();

  constructor(symbol: string) {
    this.#symbol = symbol;
    this.#stream = `${symbol.toLowerCase()}@depth`;
  }

  /** Adds a diff. Gives the second's frame when this diff ends it. */
  add(diff: DepthDiff): Wire | undefined {
    this.#firstUpdateId ??= diff.firstUpdateId;
    for (const [price, quantity] of diff.bids) this.#bids.set(price, quantity);
    for (const [price, quantity] of diff.asks) this.#asks.set(price, quantity);
    const second = Math.floor(diff.eventMs / PERIOD_MS);
    this.#second ??= second;
    if (second === this.#second) return undefined;
    const gathered = {
      ...diff,
      firstUpdateId: this.#firstUpdateId,
      bids: [...this.#bids],
      asks: [...this.#asks],
    };
    this.#second = second;
    this.#firstUpdateId = undefined;
    this.#bids.clear();
    this.#asks.clear();
    return { stream: this.#stream, ...encodeDepth(this.#symbol, this.#stream, gathered) };
  }
}
