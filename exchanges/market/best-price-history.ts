import type { Market } from "./market.ts";
import type { Units } from "./units.ts";

/** The best prices of a symbol during a period. */
export interface BestPrices {
  readonly bid: Units;
  readonly ask: Units;
}

interface PricePeriod extends BestPrices {
  /** The end of the period in the tape's time; undefined while it lasts. */
  readonly untilMs: number | undefined;
}

/** Twice as long as the slowest of the venues' feeds takes to send a change. */
const REACH_MS = 1_500;

/**
 * Each symbol's best prices now and a moment ago, which a client may still have because feeds are delayed.
 */
export class BestPriceHistory {
  readonly #periods = new Map<string, PricePeriod[]>();

  constructor(market: Market) {
    market.subscribe((event) => {
      if (event.kind !== "depth") return;
      const book = market.symbol(event.symbol)?.book;
      const bid = book?.bids.bestPrice;
      const ask = book?.asks.bestPrice;
      if (bid !== undefined && ask !== undefined) this.#note(event.symbol, { bid, ask }, event.diff.eventMs);
    });
  }

  /** By symbol, with the current prices last. */
  get symbols(): ReadonlyMap<string, readonly BestPrices[]> {
    return this.#periods;
  }

  #note(symbol: string, best: BestPrices, atMs: number): void {
    const periods = this.#periods.get(symbol) ?? [];
    const last = periods.at(-1);
    const kept = periods.filter(({ untilMs }) => untilMs === undefined || untilMs >= atMs - REACH_MS);
    if (last?.bid !== best.bid || last.ask !== best.ask) {
      if (last !== undefined) kept.splice(-1, 1, { ...last, untilMs: atMs });
      kept.push({ ...best, untilMs: undefined });
    }
    this.#periods.set(symbol, kept);
  }
}
