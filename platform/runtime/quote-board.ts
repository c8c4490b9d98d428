import type { Quote, QuoteListener } from "../feeds/feed.ts";

/** The least time between two pushes of one symbol, in ms. */
const PUSH_EVERY_MS = 100;

/** Passes quotes to listeners at most ten times a second per symbol, always ending with the latest. */
export class QuoteBoard {
  readonly #listeners = new Set<QuoteListener>();
  readonly #waiting = new Map<string, Quote>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** Adds a listener, and returns the function that removes it. */
  subscribe(listener: QuoteListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(quote: Quote): void {
    const key = `${quote.venue} ${quote.symbol}`;
    if (this.#timers.has(key)) {
      this.#waiting.set(key, quote);
      return;
    }
    this.#push(quote);
    this.#timers.set(
      key,
      setTimeout(() => this.#onTimer(key), PUSH_EVERY_MS),
    );
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
  }

  #onTimer(key: string): void {
    this.#timers.delete(key);
    const quote = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (quote !== undefined) this.publish(quote);
  }

  #push(quote: Quote): void {
    for (const listener of this.#listeners) listener(quote);
  }
}
