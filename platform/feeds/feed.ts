import type { Metrics, ResyncReason } from "../metrics.ts";
import type { FeedName } from "../venues/venue.ts";
import type { Top } from "./order-book.ts";

/** Called whenever the best prices of a symbol change. */
export type QuoteListener = (quote: Quote) => void;

/** The best prices of a symbol at a venue. */
export interface Quote extends Top {
  readonly venue: FeedName;
  readonly symbol: string;
  /** When it was received, in ms since the Unix epoch. */
  readonly atMs: number;
}

/** A venue's market data, updated in the background. */
export interface Feed {
  readonly name: FeedName;
  /** Whether every symbol's data is complete. */
  readonly synced: boolean;
  /** Time since the last data of the symbol that was silent for longest, or since the start, in ms. */
  readonly stalenessMs: number;
  readonly connected: boolean;
  /** The best prices, or undefined while the book is not in sync. */
  quote(symbol: string): Quote | undefined;
  /** Time since the last data of this symbol, in ms. */
  stalenessOf(symbol: string): number;
  stop(): void;
}

/** When data of each symbol was last received, by a monotonic clock. */
export class Heartbeats {
  readonly #lastMs: Map<string, number>;

  constructor(symbols: readonly string[]) {
    const startedAtMs = performance.now();
    this.#lastMs = new Map(symbols.map((symbol) => [symbol, startedAtMs]));
  }

  beat(symbol: string): void {
    if (this.#lastMs.has(symbol)) this.#lastMs.set(symbol, performance.now());
  }

  ageMs(symbol: string): number {
    return performance.now() - (this.#lastMs.get(symbol) ?? Number.NEGATIVE_INFINITY);
  }

  /** The age of the symbol that was silent for longest, in ms. */
  get oldestMs(): number {
    return performance.now() - Math.min(...this.#lastMs.values());
  }
}

/** Passes a symbol's best prices to the listener, but only when they changed. */
export class QuotePublisher {
  readonly #venue: FeedName;
  readonly #listener: QuoteListener;
  readonly #last = new Map<string, Quote>();

  constructor(venue: FeedName, listener: QuoteListener) {
    this.#venue = venue;
    this.#listener = listener;
  }

  publish(symbol: string, top: Top): void {
    const last = this.#last.get(symbol);
    if (last?.bid === top.bid && last.ask === top.ask) return;
    const quote = { venue: this.#venue, symbol, bid: top.bid, ask: top.ask, atMs: Date.now() };
    this.#last.set(symbol, quote);
    this.#listener(quote);
  }

  last(symbol: string): Quote | undefined {
    return this.#last.get(symbol);
  }

  forget(): void {
    this.#last.clear();
  }
}

/** The counters of one feed. */
export class FeedCounters {
  readonly #feed: FeedName;
  readonly #metrics: Metrics;

  constructor(feed: FeedName, metrics: Metrics) {
    this.#feed = feed;
    this.#metrics = metrics;
  }

  message(): void {
    this.#metrics.feedMessages.inc({ feed: this.#feed });
  }

  resync(reason: ResyncReason): void {
    this.#metrics.feedResyncs.inc({ feed: this.#feed, reason });
  }
}
