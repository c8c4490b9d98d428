import { type Level, OrderBook } from "./order-book.ts";

/** A `depthUpdate` event: the changes of updates `U` to `u`, both included. */
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

/** What an event or a snapshot did to the book. */
export type BookStep = "buffered" | "applied" | "ignored" | "needs-snapshot" | "gap" | "crossed";

/** Buffered updates beyond this mean that snapshots do not come; the oldest cannot be needed any more. */
const BUFFER_LIMIT = 5_000;

/**
 * One symbol's book by Binance's sync rule: buffer the diffs, take a snapshot, take it again while it is older
 * than the first buffered diff, drop the diffs that it contains, then let each `U` be the `u` before it plus one.
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

  /** Gives up the book: only a new snapshot makes it whole. */
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

  /** Begins with a snapshot. `needs-snapshot`: it is too old for what is buffered, take another. */
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
      // The diff after the gap is the first that the next snapshot must reach.
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
