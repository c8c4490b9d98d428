import type { Clock } from "../core/index.ts";

/** Passes values on in order, each after its own delay and never before the value ahead of it. */
export class DelayLine<Value> {
  readonly #clock: Clock;
  readonly #pass: (value: Value) => void;
  readonly #waiting: { readonly value: Value; readonly dueMs: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock, pass: (value: Value) => void) {
    this.#clock = clock;
    this.#pass = pass;
  }

  /** With no delay and nothing waiting, the value is passed on immediately. */
  put(value: Value, delayMs: number): void {
    if (delayMs === 0 && this.#waiting.length === 0) {
      this.#pass(value);
      return;
    }
    const aheadMs = this.#waiting.at(-1)?.dueMs ?? 0;
    this.#waiting.push({ value, dueMs: Math.max(aheadMs, this.#clock.monotonicMs() + delayMs) });
    this.#wait();
  }

  #wait(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#timer !== undefined) return;
    const waitMs = Math.max(0, next.dueMs - this.#clock.monotonicMs());
    this.#timer = setTimeout(() => this.#passDue(), waitMs);
    this.#timer.unref();
  }

  #passDue(): void {
    this.#timer = undefined;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.dueMs > this.#clock.monotonicMs()) break;
      this.#waiting.shift();
      this.#pass(next.value);
    }
    this.#wait();
  }
}
