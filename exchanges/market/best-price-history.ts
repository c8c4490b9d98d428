import type { Market } from "./market.ts";
import type { Units } from "./units.ts";

/** The best prices of a symbol, as they stood for some time. */
export interface BestPrices {
  readonly bid: Units;
  readonly ask: Units;
}

interface PricePeriod extends BestPrices {
  /** Until when, by the tape; undefined while they stand. */
  readonly untilMs: number | undefined;
}

/** As long as the slowest of the venues' feeds takes to tell a change, and as much again. */
const REACH_MS = 1_500;

/** The best prices that each symbol has now and had a moment ago, which a client of a feed may still believe in. */
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

  /** By symbol, those that stand last. */
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
