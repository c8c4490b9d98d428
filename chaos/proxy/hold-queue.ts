import type { Clock } from "../../core/index.ts";
import { type FlowItem, isEnding } from "./flow-item.ts";

/** An item that waits for its time. */
export interface HeldItem {
  readonly item: FlowItem;
  /** On the monotonic clock. */
  readonly arrivedAtMs: number;
  /** Counts from 1 within this queue. */
  readonly number: number;
}

/** What a queue needs from the stage that owns it. */
export interface HoldQueueOptions {
  readonly clock: Clock;
  emit(item: FlowItem): void;
  /**
   * When the first of the queue may go, on the monotonic clock; `Infinity` holds it until something changes.
   * `previousMs` is when the one before it was due, so that delays do not add up the timer's lateness.
   */
  dueAtMs(held: HeldItem, previousMs: number): number;
}

/** Counted on top of an item's bytes, so that a flood of tiny chunks is bounded too. */
const ITEM_OVERHEAD_BYTES = 256;

/** Items already given on that are kept in the array before it is cut. */
const COMPACT_AT = 1_024;

/** Holds items until they are due, strictly in order, with one timer. */
export class HoldQueue {
  readonly #options: HoldQueueOptions;
  #items: HeldItem[] = [];
  /** Where the queue starts within `#items`: shifting a long array would cost its whole length each time. */
  #head = 0;
  #timer: NodeJS.Timeout | undefined;
  #previousMs = Number.NEGATIVE_INFINITY;
  #count = 0;
  #heldBytes = 0;
  #draining = false;

  constructor(options: HoldQueueOptions) {
    this.#options = options;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  add(item: FlowItem): void {
    this.#count += 1;
    this.#items.push({ item, arrivedAtMs: this.#options.clock.monotonicMs(), number: this.#count });
    this.#heldBytes += weight(item);
    if (this.#items.length - this.#head === 1) this.reschedule();
  }

  /** Asks anew when the first item is due: after a change of attributes. */
  reschedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#draining) return;
    this.#draining = true;
    try {
      this.#drain();
    } finally {
      this.#draining = false;
    }
  }

  release(): void {
    const items = this.#items.slice(this.#head);
    this.discard();
    for (const held of items) this.#options.emit(held.item);
  }

  discard(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#items = [];
    this.#head = 0;
    this.#heldBytes = 0;
  }

  #drain(): void {
    for (let first = this.#items[this.#head]; first !== undefined; first = this.#items[this.#head]) {
      const dueMs = this.#options.dueAtMs(first, this.#previousMs);
      const waitMs = dueMs - this.#options.clock.monotonicMs();
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) this.#timer = setTimeout(() => this.reschedule(), toTimerMs(waitMs));
        return;
      }
      this.#previousMs = dueMs;
      this.#takeFirst();
      this.#heldBytes -= weight(first.item);
      this.#options.emit(first.item);
    }
  }

  #takeFirst(): void {
    this.#head += 1;
    if (this.#head < this.#items.length && this.#head < COMPACT_AT) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}

/** Node's timers take whole milliseconds up to 2^31 - 1; a longer wait is asked for again when it rings. */
export function toTimerMs(waitMs: number): number {
  return Math.min(Math.max(Math.ceil(waitMs), 1), 2_147_483_647);
}

function weight(item: FlowItem): number {
  return ITEM_OVERHEAD_BYTES + (isEnding(item) ? 0 : item.length);
}
