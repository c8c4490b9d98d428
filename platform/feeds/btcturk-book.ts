import { type Level, OrderBook } from "./order-book.ts";

/** A row of an `obdiff` frame. `CP`: 0 replaced, 1 new, 3 deleted; absent in a whole book. */
interface ObdiffRow {
  readonly P: string;
  readonly A: string;
  readonly CP?: number | undefined;
}

/** Model 431 (a whole book) or 432 (changes). `CS` counts the frames of a subscription. */
export interface ObdiffFrame {
  readonly CS: number;
  readonly AO: readonly ObdiffRow[];
  readonly BO: readonly ObdiffRow[];
}

const DELETED = 3;

/**
 * One pair's book, kept in sync by BTCTurk's rule: a 431 snapshot, then 432 frames whose `CS` is the one
 * before plus one.
 */
export class BtcturkBook {
  readonly book = new OrderBook();
  readonly #ignoreGaps: boolean;
  #lastChangeSet: number | undefined;

  /** @param ignoreGaps the planted defect `no-resync` */
  constructor(ignoreGaps = false) {
    this.#ignoreGaps = ignoreGaps;
  }

  get synced(): boolean {
    return this.#lastChangeSet !== undefined;
  }

  /** Discards the book; only a new subscription, which begins with a 431, makes it complete again. */
  discard(): void {
    this.#lastChangeSet = undefined;
  }

  onSnapshot(frame: ObdiffFrame): void {
    this.book.replace(frame.BO.map(asLevel), frame.AO.map(asLevel));
    this.#lastChangeSet = frame.CS;
  }

  onChange(frame: ObdiffFrame): "applied" | "ignored" | "gap" | "crossed" {
    const last = this.#lastChangeSet;
    if (last === undefined || frame.CS <= last) return "ignored";
    if (frame.CS !== last + 1 && !this.#ignoreGaps) {
      this.discard();
      return "gap";
    }
    this.book.update(frame.BO.map(asLevel), frame.AO.map(asLevel));
    this.#lastChangeSet = frame.CS;
    if (!this.book.crossed) return "applied";
    this.discard();
    return "crossed";
  }
}

const asLevel = (row: ObdiffRow): Level => [row.P, row.CP === DELETED ? "0" : row.A];
