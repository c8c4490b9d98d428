import type { RetryTime } from "../binance-error.ts";

/** Counts within fixed windows that begin at whole multiples of their length, as the venue counts. */
export class WindowCounter {
  readonly #lengthMs: number;
  #window = -1;
  #count = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Adds to the current window, never below zero, and returns its count. */
  add(nowMs: number, amount: number): number {
    const window = Math.floor(nowMs / this.#lengthMs);
    if (window !== this.#window) this.#count = 0;
    this.#window = window;
    this.#count = Math.max(0, this.#count + amount);
    return this.#count;
  }

  /** When the current window ends. */
  end(nowMs: number): RetryTime {
    const atMs = Math.floor(nowMs / this.#lengthMs + 1) * this.#lengthMs;
    return retryAt(atMs, nowMs);
  }
}

/** The time until a retry, in whole seconds, at least one. */
export function retryAt(atMs: number, nowMs: number): RetryTime {
  return { atMs, inSeconds: Math.max(1, Math.ceil((atMs - nowMs) / 1_000)) };
}
