import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../core/index.ts";

interface Sleeper {
  readonly dueAtMs: number;
  wake(): void;
}

/** Turns of the event loop after which everything that does not wait for the clock has run. */
const TURNS = 5;

/** A clock that the test advances to the next time at which a sleeper wakes. */
export class ManualClock implements Clock {
  #nowMs = 1_000;
  readonly #sleepers = new Set<Sleeper>();

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { dueAtMs: this.#nowMs + durationMs, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Runs everything that does not wait for the clock. */
  async idle(): Promise<void> {
    for (let count = 0; count < TURNS; count++) {
      this.#wakeDue();
      await turn();
    }
  }

  /** Advances from one waking to the next until `work` is done. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    work.then(end, end);
    await this.idle();
    while (!isDone) {
      const due = Math.min(...[...this.#sleepers].map(({ dueAtMs }) => dueAtMs));
      if (!Number.isFinite(due)) throw new Error("Expected somebody to sleep, but nobody does.");
      this.#nowMs = due;
      await this.idle();
    }
    return work;
  }

  #wakeDue(): void {
    for (const sleeper of this.#sleepers) {
      if (sleeper.dueAtMs > this.#nowMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
