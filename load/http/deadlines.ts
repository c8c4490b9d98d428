/**
 * Deadlines with one common timeout and one timer: the first to start is the first to expire, so only that
 * one needs a timer. A timer for each would cost a tenth of a small exchange.
 */
export class Deadlines<T> {
  readonly #timeoutMs: number;
  readonly #over: (item: T) => void;
  /** In the order of their starts, with the time of expiry. */
  readonly #endsAtMs = new Map<T, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param over Is called for each item whose `end` did not come within `timeoutMs`. */
  constructor(timeoutMs: number, over: (item: T) => void) {
    this.#timeoutMs = timeoutMs;
    this.#over = over;
  }

  start(item: T): void {
    this.#endsAtMs.set(item, performance.now() + this.#timeoutMs);
    this.#timer ??= setTimeout(() => this.#check(), this.#timeoutMs);
  }

  end(item: T): void {
    this.#endsAtMs.delete(item);
  }

  /** Removes every item. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#endsAtMs.clear();
  }

  #check(): void {
    this.#timer = undefined;
    const nowMs = performance.now();
    for (const [item, endsAtMs] of this.#endsAtMs) {
      if (endsAtMs > nowMs) {
        // Timers truncate fractions: without rounding up, they would fire too early again and again.
        this.#timer = setTimeout(() => this.#check(), Math.ceil(endsAtMs - nowMs));
        return;
      }
      this.#endsAtMs.delete(item);
      this.#over(item);
    }
  }
}
