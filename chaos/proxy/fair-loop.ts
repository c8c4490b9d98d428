import type { Clock } from "../../core/index.ts";

/**
 * How long the data of all links together may occupy the event loop before the control API, leases and timers
 * run. An answer of the control API takes about three turns.
 */
const TURN_MS = 3;
/** How long one piece of work goes on before the next one's turn, so that connections do not wait for each other. */
const QUANTUM_MS = 1;

/** What holds and works on data asks of the event loop. */
export interface LoopShare {
  /** Whether work may go on now. Whoever asks enqueues its work when the answer is no. */
  hasTime(): boolean;
  /** Lets the work go on in a later turn, after all that waits already. */
  enqueue(work: LongWork): void;
  /** The work is not needed any more. */
  cancel(work: LongWork): void;
}

/** Work on one connection's data that may take longer than a turn. */
export interface LongWork {
  /** Goes on while `FairLoop.hasTime`, and enqueues itself again when it is not done. */
  proceed(): void;
}

/**
 * Shares the event loop fairly among connections, and between traffic and everything else: work that exceeds
 * its time slice continues in a later turn, one connection after the other.
 */
export class FairLoop implements LoopShare {
  readonly #clock: Clock;
  /** When this turn's data began, on the monotonic clock; undefined: there was none. */
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
    // Whatever arrives in the poll phase that follows is counted to this turn.
    this.#scheduleTurn();
    // Whatever enqueues itself again comes behind the others, and has another turn as long as there is time.
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
