import type { Clock } from "../../../../core/index.ts";
import { type FlowItem, isEnding } from "../../flow-item.ts";
import { toTimerMs } from "../../hold-queue.ts";
import type { SliceJoiner } from "./slice-joiner.ts";

/** Added to an entry's bytes, so that the memory for many tiny messages is limited too. */
const ENTRY_OVERHEAD_BYTES = 256;

/** An entry that waits. */
interface Entry {
  readonly items: readonly FlowItem[];
  readonly bytes: number;
  /** On the monotonic clock. */
  readonly arrivedAtMs: number;
  /**
   * Drawn once, in [-1, 1): the deviation of its delay; undefined: it waits only for the entries before it.
   */
  readonly deviation: number | undefined;
  /** Whether it keeps its place: nothing overtakes it, and it overtakes nothing. */
  readonly isLast: boolean;
}

/** The current delay of messages. */
export interface Lateness {
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Whether later entries wait for them. */
  readonly order: "keep" | "overtake";
}

/** Delayed messages, and what waits behind them, with one timer. */
export class LateMessages {
  readonly #clock: Clock;
  readonly #out: SliceJoiner;
  readonly #lateness: () => Lateness;
  #entries: Entry[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #ringsAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, out: SliceJoiner, lateness: () => Lateness) {
    this.#clock = clock;
    this.#out = out;
    this.#lateness = lateness;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Holds a message for its delay; `deviation`, in [-1, 1), is its share of the jitter. */
  addLate(items: readonly FlowItem[], deviation: number): void {
    this.#add(items, deviation, false);
  }

  /** Adds an entry that only waits for those before it. */
  addBehind(items: readonly FlowItem[]): void {
    this.#add(items, undefined, false);
  }

  /** Adds an entry that comes after all messages, delayed ones too, in any order. */
  addLast(item: FlowItem): void {
    this.#add([item], undefined, true);
  }

  /** Passes on what is due, and sets the timer for the rest; also called after a change of the delay. */
  reschedule(): void {
    this.#out.batch(() => {
      for (let due = this.#takeDue(); due.length > 0; due = this.#takeDue()) {
        for (const { items } of due) for (const item of items) this.#out.emit(item);
      }
    });
    this.#setTimer(this.#nextDueMs());
  }

  /** Passes on everything, immediately and in order. */
  flush(): void {
    const entries = this.#entries;
    this.discard();
    this.#out.batch(() => {
      for (const { items } of entries) for (const item of items) this.#out.emit(item);
    });
  }

  discard(): void {
    this.#setTimer(Number.POSITIVE_INFINITY);
    this.#entries = [];
    this.#heldBytes = 0;
  }

  #add(items: readonly FlowItem[], deviation: number | undefined, isLast: boolean): void {
    const own = items.reduce((sum, item) => sum + (isEnding(item) ? 0 : item.length), 0);
    const bytes = ENTRY_OVERHEAD_BYTES + own;
    const entry = { items, bytes, arrivedAtMs: this.#clock.monotonicMs(), deviation, isLast };
    this.#entries.push(entry);
    this.#heldBytes += bytes;
    if (this.#entries.length === 1) this.reschedule();
    // With many entries, only one that is due before all others changes the timer.
    else if (!this.#isInOrder())
      this.#setTimer(Math.min(this.#ringsAtMs, isLast ? Number.POSITIVE_INFINITY : this.#dueMs(entry)));
  }

  /** Sets the timer to that monotonic time; at infinity to none. */
  #setTimer(atMs: number): void {
    if (atMs === this.#ringsAtMs && this.#timer !== undefined) return;
    clearTimeout(this.#timer);
    this.#ringsAtMs = atMs;
    const ring = () => {
      this.#timer = undefined;
      this.reschedule();
    };
    const waitMs = atMs - this.#clock.monotonicMs();
    this.#timer = Number.isFinite(waitMs) ? setTimeout(ring, toTimerMs(waitMs)) : undefined;
  }

  /** Removes those that are due and may be passed on, in the order of passing. */
  #takeDue(): readonly Entry[] {
    const nowMs = this.#clock.monotonicMs();
    const isWaiting = (entry: Entry) => this.#dueMs(entry) > nowMs;
    let due: readonly Entry[];
    if (this.#isInOrder()) {
      const stop = this.#entries.findIndex(isWaiting);
      due = this.#entries.splice(0, stop < 0 ? this.#entries.length : stop);
    } else {
      const all = this.#entries;
      due = all
        .filter((entry) => !entry.isLast && !isWaiting(entry))
        .toSorted((one, other) => this.#dueMs(one) - this.#dueMs(other));
      this.#entries = all.filter((entry) => entry.isLast || isWaiting(entry));
    }
    this.#heldBytes -= due.reduce((sum, { bytes }) => sum + bytes, 0);
    return due;
  }

  #nextDueMs(): number {
    const candidates = this.#isInOrder() ? this.#entries.slice(0, 1) : this.#entries;
    return candidates.reduce(
      (next, entry) => (entry.isLast ? next : Math.min(next, this.#dueMs(entry))),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Whether the first entry is the next to be passed on. */
  #isInOrder(): boolean {
    return this.#lateness().order === "keep" || this.#entries[0]?.isLast === true;
  }

  #dueMs({ arrivedAtMs, deviation }: Entry): number {
    if (deviation === undefined) return arrivedAtMs;
    const { delayMs, jitterMs } = this.#lateness();
    return arrivedAtMs + Math.max(0, delayMs + deviation * jitterMs);
  }
}
