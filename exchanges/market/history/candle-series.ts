import type { TapeTrade } from "../tape/frame-codec.ts";
import { type Candle, candleOf, flatCandle, joined } from "./candle.ts";
import type { Interval } from "./interval.ts";

/** The limit of flat candles for one period without trades: as many as a list may have. */
const MOST_FLAT = 1_000;

/** Candles of one fixed length, built from trades; beyond a limit the oldest are dropped. */
export class CandleSeries {
  readonly #lengthMs: number;
  readonly #limit: number;
  readonly #candles: Candle[] = [];

  constructor(lengthMs: number, limit: number) {
    this.#lengthMs = lengthMs;
    this.#limit = limit;
  }

  add(trade: TapeTrade): void {
    const openMs = Math.floor(trade.tradeMs / this.#lengthMs) * this.#lengthMs;
    const last = this.#candles.at(-1);
    const candle = candleOf(trade, openMs);
    // A tape may have trades slightly out of order: a late one counts in the latest candle.
    if (last !== undefined && openMs <= last.openMs)
      this.#candles[this.#candles.length - 1] = joined(last, candle);
    else this.#candles.push(candle);
    if (this.#candles.length > 2 * this.#limit) this.#candles.splice(0, this.#limit);
  }

  get last(): Candle | undefined {
    return this.#candles.at(-1);
  }

  /** The candles that begin at `fromMs` or later, oldest first. */
  since(fromMs: number): readonly Candle[] {
    return this.#candles.slice(this.#indexOf(fromMs));
  }

  /**
   * Candles of a longer interval between two times, both inclusive, oldest first: at most `limit`, the first
   * of them when `startMs` is given and the last otherwise. Candles without trades are flat; of a longer
   * period without trades only the last thousand are included.
   */
  inIntervals(
    interval: Interval,
    { startMs, endMs, limit }: { startMs?: number | undefined; endMs: number; limit: number },
  ): readonly Candle[] {
    const filled: Candle[] = [];
    for (const candle of this.#merged(interval)) {
      const previous = filled.at(-1);
      if (previous !== undefined) fillUp(filled, interval, previous, candle.openMs);
      filled.push(candle);
    }
    const within = filled.filter(({ openMs }) => openMs <= endMs && openMs >= (startMs ?? 0));
    return startMs === undefined ? within.slice(-limit) : within.slice(0, limit);
  }

  #merged(interval: Interval): Candle[] {
    const merged: Candle[] = [];
    for (const candle of this.#candles) {
      const openMs = interval.startOf(candle.openMs);
      const last = merged.at(-1);
      if (last?.openMs === openMs) merged[merged.length - 1] = joined(last, candle);
      else merged.push({ ...candle, openMs });
    }
    return merged;
  }

  #indexOf(fromMs: number): number {
    let low = 0;
    let high = this.#candles.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#candles[middle]?.openMs ?? 0) < fromMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Adds flat candles up to the next one with trades; for a long period only the last ones. */
function fillUp(filled: Candle[], interval: Interval, previous: Candle, untilMs: number): void {
  const firstMs = interval.after(previous.openMs);
  const keptFromMs = interval.startOf(untilMs - MOST_FLAT * (firstMs - previous.openMs));
  for (let openMs = Math.max(firstMs, keptFromMs); openMs < untilMs; openMs = interval.after(openMs)) {
    filled.push(flatCandle(openMs, previous.close));
  }
}
