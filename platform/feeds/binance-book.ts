import { type Level, OrderBook } from "./order-book.ts";

/** A `depthUpdate` event: the changes of updates `U` to `u`, both inclusive. */
export interface DepthUpdate {
  readonly U: number;
  readonly u: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}

/** `GET /api/v3/depth`. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** The effect of an event or a snapshot on the book. */
export type BookStep = "buffered" | "applied" | "ignored" | "needs-snapshot" | "gap" | "crossed";

/**
 * With more buffered updates than this, no snapshot has come for long; the oldest updates are then obsolete.
 */
const BUFFER_LIMIT = 5_000;

/**
 * One symbol's book, kept in sync by Binance's rule: buffer the diffs, take a snapshot, take another while it
 * is older than the first buffered diff, drop the diffs that it contains; after that, each `U` must be the
 * `u` before it plus one.
 */
export class BinanceBook {
  readonly book = new OrderBook();
  readonly #ignoreGaps: boolean;
  #buffer: DepthUpdate[] = [];
  #lastUpdateId: number | undefined;

  /** @param ignoreGaps the planted defect `no-resync` */
  constructor(ignoreGaps = false) {
    this.#ignoreGaps = ignoreGaps;
  }

  get synced(): boolean {
    return this.#lastUpdateId !== undefined;
  }

  /** Discards the book; only a new snapshot makes it complete again. */
  discard(): void {
    this.#buffer = [];
    this.#lastUpdateId = undefined;
  }

  onUpdate(update: DepthUpdate): BookStep {
    if (this.#lastUpdateId === undefined) {
      this.#buffer.push(update);
      if (this.#buffer.length > BUFFER_LIMIT) this.#buffer.shift();
      return "buffered";
    }
    return this.#apply(update);
  }

  /** Starts from a snapshot. `needs-snapshot`: it is older than the buffered diffs, so take another. */
  onSnapshot(snapshot: DepthSnapshot): BookStep {
    const first = this.#buffer[0];
    if (first !== undefined && snapshot.lastUpdateId < first.U) return "needs-snapshot";
    this.book.replace(snapshot.bids, snapshot.asks);
    this.#lastUpdateId = snapshot.lastUpdateId;
    const buffered = this.#buffer;
    this.#buffer = [];
    for (const update of buffered) {
      const step = this.#apply(update);
      if (step === "gap" || step === "crossed") return step;
    }
    return "applied";
  }

  #apply(update: DepthUpdate): BookStep {
    const last = this.#lastUpdateId ?? 0;
    if (update.u <= last) return "ignored";
    if (update.U > last + 1 && !this.#ignoreGaps) {
      this.discard();
      // Keep the diff after the gap: the next snapshot must reach at least to it.
      this.#buffer.push(update);
      return "gap";
    }
    this.book.update(update.b, update.a);
    this.#lastUpdateId = update.u;
    if (!this.book.crossed) return "applied";
    this.discard();
    return "crossed";
  }
}
