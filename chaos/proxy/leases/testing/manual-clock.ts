import type { Clock } from "../../../../core/index.ts";

interface Sleeper {
  readonly dueAtMs: number;
  wake(): void;
}

/** A clock that only the test advances. */
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
      const sleeper = { dueAtMs: this.#nowMs + durationMs, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Advances the time without waking anyone, as when the process is too busy to run its timers. */
  jump(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  /** Advances the time and wakes every sleeper that is due. */
  advance(durationMs: number): void {
    this.jump(durationMs);
    for (const sleeper of this.#sleepers) {
      if (sleeper.dueAtMs > this.#nowMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
