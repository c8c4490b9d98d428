import type { Clock } from "../../core/index.ts";
import type { LongWork, LoopShare } from "./fair-loop.ts";
import { type FlowItem, isEnding } from "./flow-item.ts";

/** An item that waits until it is due. */
export interface HeldItem {
  /** An ending, or the next piece of a chunk. */
  readonly item: FlowItem;
  /** On the monotonic clock. */
  readonly arrivedAtMs: number;
  /** Counts from 1 within this queue; all pieces of one chunk have the same number. */
  readonly number: number;
}

/** What a queue needs from the stage that owns it. */
export interface HoldQueueOptions {
  readonly clock: Clock;
  readonly loop: LoopShare;
  emit(item: FlowItem): void;
  /**
   * When the first item is due, on the monotonic clock; `Infinity` holds it until something changes.
   * `previousMs` is when the one before it was due, so that delays of the timer do not add up.
   */
  dueAtMs(held: HeldItem, previousMs: number): number;
  /** The size of the next piece of the first chunk. Called once for each piece; absent: the whole chunk. */
  pieceBytes?(left: Buffer, number: number): number;
}

/** Added to an item's bytes, so that the memory for many tiny chunks is limited too. */
const ITEM_OVERHEAD_BYTES = 256;

/** Items already passed on that stay in the array before it is cut. */
const COMPACT_AT = 1_024;

/**
 * Holds items until they are due, strictly in order, with one timer. When more is due at once than fits into
 * a turn of the event loop, the rest follows in later turns.
 */
export class HoldQueue implements LongWork {
  readonly #options: HoldQueueOptions;
  #items: HeldItem[] = [];
  /**
   * Where the queue begins within `#items`: shifting a long array would take time proportional to its length.
   */
  #head = 0;
  /** The size of the first item's next piece, once it has been determined. */
  #next: HeldItem | undefined;
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
    if (this.#items.length - this.#head === 1) this.proceed();
  }

  /** Determines anew when the first item is due, after a change of attributes. */
  reschedule(): void {
    this.#next = undefined;
    this.proceed();
  }

  proceed(): void {
    if (this.#draining) return;
    this.#stopWaiting();
    this.#draining = true;
    try {
      this.#drain();
    } finally {
      this.#draining = false;
    }
  }

  release(): void {
    for (const item of this.#takeAll()) this.#options.emit(item);
  }

  discard(): void {
    this.#takeAll();
  }

  #takeAll(): readonly FlowItem[] {
    this.#stopWaiting();
    const items = this.#items.slice(this.#head).map(({ item }) => item);
    this.#items = [];
    this.#head = 0;
    this.#next = undefined;
    this.#heldBytes = 0;
    return items;
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#options.loop.cancel(this);
  }

  #drain(): void {
    const { clock, loop, dueAtMs } = this.#options;
    for (let next = this.#nextPiece(); next !== undefined; next = this.#nextPiece()) {
      const dueMs = dueAtMs(next, this.#previousMs);
      const waitMs = dueMs - clock.monotonicMs();
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) this.#timer = setTimeout(() => this.proceed(), toTimerMs(waitMs));
        return;
      }
      if (!loop.hasTime()) {
        loop.enqueue(this);
        return;
      }
      this.#previousMs = dueMs;
      this.#take(next.item);
      this.#options.emit(next.item);
    }
  }

  #nextPiece(): HeldItem | undefined {
    const first = this.#items[this.#head];
    if (this.#next !== undefined || first === undefined) return this.#next;
    const { pieceBytes } = this.#options;
    if (pieceBytes === undefined || isEnding(first.item)) this.#next = first;
    else this.#next = { ...first, item: first.item.subarray(0, pieceBytes(first.item, first.number)) };
    return this.#next;
  }

  #take(piece: FlowItem): void {
    this.#next = undefined;
    const first = this.#items[this.#head];
    if (first === undefined) return;
    if (isEnding(piece) || isEnding(first.item) || piece.length >= first.item.length) {
      this.#heldBytes -= weight(first.item);
      this.#dropFirst();
      return;
    }
    this.#heldBytes -= piece.length;
    this.#items[this.#head] = { ...first, item: first.item.subarray(piece.length) };
  }

  #dropFirst(): void {
    this.#head += 1;
    if (this.#head < this.#items.length && this.#head < COMPACT_AT) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}

/** Node's timers take whole milliseconds up to 2^31 - 1; a longer wait is set again when the timer fires. */
export function toTimerMs(waitMs: number): number {
  return Math.min(Math.max(Math.ceil(waitMs), 1), 2_147_483_647);
}

function weight(item: FlowItem): number {
  return ITEM_OVERHEAD_BYTES + (isEnding(item) ? 0 : item.length);
}
