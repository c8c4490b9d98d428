import type { Clock } from "../../core/index.ts";

/**
 * How long the data of all links together may occupy the event loop before the control API, leases and timers
 * run. An answer of the control API takes about three turns.
 */
const TURN_MS = 3;
/**
 * How long one piece of work may run before the next one's turn, so that connections do not wait for each
 * other.
 */
const QUANTUM_MS = 1;

/** The event loop as seen by code that holds and processes data. */
export interface LoopShare {
  /** Whether work may continue now. When the answer is no, the caller enqueues its work. */
  hasTime(): boolean;
  /** Continues the work in a later turn, after everything that already waits. */
  enqueue(work: LongWork): void;
  /** Cancels the work. */
  cancel(work: LongWork): void;
}

/** Work on one connection's data that may take longer than a turn. */
export interface LongWork {
  /** Runs while `FairLoop.hasTime`, and enqueues itself again when it is not done. */
  proceed(): void;
}

/**
 * Shares the event loop fairly among connections, and between traffic and everything else: work that exceeds
 * its time slice continues in a later turn, one connection after the other.
 */
export class FairLoop implements LoopShare {
  readonly #clock: Clock;
  /** When the data processing of this turn began, on the monotonic clock; undefined when there was none. */
  #turnStartedMs: number | undefined;
  #quantumStartedMs = Number.NEGATIVE_INFINITY;
  #isTurnScheduled = false;
  readonly #waiting = new Set<LongWork>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hasTime(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (this.#turnStartedMs === undefined) {
      this.#turnStartedMs = nowMs;
      this.#quantumStartedMs = Number.POSITIVE_INFINITY;
      this.#scheduleTurn();
    }
    return nowMs - this.#turnStartedMs < TURN_MS && nowMs - this.#quantumStartedMs < QUANTUM_MS;
  }

  enqueue(work: LongWork): void {
    this.#waiting.add(work);
    this.#scheduleTurn();
  }

  cancel(work: LongWork): void {
    this.#waiting.delete(work);
  }

  #scheduleTurn(): void {
    if (this.#isTurnScheduled) return;
    this.#isTurnScheduled = true;
    setImmediate(() => this.#runTurn());
  }

  #runTurn(): void {
    this.#isTurnScheduled = false;
    this.#turnStartedMs = this.#waiting.size === 0 ? undefined : this.#clock.monotonicMs();
    if (this.#turnStartedMs === undefined) return;
    // Data that arrives in the following poll phase counts for this turn.
    this.#scheduleTurn();
    // Work that enqueues itself again comes after the others, and continues while there is time.
    for (const work of this.#waiting) {
      const nowMs = this.#clock.monotonicMs();
      if (nowMs - this.#turnStartedMs >= TURN_MS) return;
      this.#quantumStartedMs = nowMs;
      this.#waiting.delete(work);
      work.proceed();
    }
    this.#quantumStartedMs = Number.POSITIVE_INFINITY;
  }
}
