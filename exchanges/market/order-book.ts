import { type BookSideName, PriceLadder } from "./price-ladder.ts";
import type { Units } from "./units.ts";

/** A price and its quantity; in a change, the quantity 0 deletes the level. */
export type Level = readonly [price: Units, quantity: Units];

/** The content of a REST depth snapshot. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** The content of a depth frame: updates `firstUpdateId` (`U`) to `lastUpdateId` (`u`). */
export interface DepthDiff extends DepthSnapshot {
  readonly firstUpdateId: number;
  /** The venue's event time, in ms since the epoch (the tape's time, not the wall clock's). */
  readonly eventMs: number;
}

/** An order book as a client of the venue builds it: from a snapshot, then from diffs. */
export class OrderBook {
  readonly bids = new PriceLadder<Units>("bids");
  readonly asks = new PriceLadder<Units>("asks");
  lastUpdateId = 0;

  /** Restarts from a snapshot. */
  load(snapshot: DepthSnapshot): void {
    this.bids.clear();
    this.asks.clear();
    for (const level of snapshot.bids) setLevel(this.bids, level);
    for (const level of snapshot.asks) setLevel(this.asks, level);
    this.lastUpdateId = snapshot.lastUpdateId;
  }

  /** Applies a diff, or drops it when the book is already newer. Returns whether it was applied. */
  apply(diff: DepthDiff): boolean {
    if (diff.lastUpdateId <= this.lastUpdateId) return false;
    for (const level of diff.bids) setLevel(this.bids, level);
    for (const level of diff.asks) setLevel(this.asks, level);
    this.lastUpdateId = diff.lastUpdateId;
    return true;
  }

  /** The best `limit` levels of a side, best first. */
  top(side: BookSideName, limit: number): Level[] {
    return this[side].levels().take(limit).toArray();
  }
}

/** The changes that turn the levels of `from` into those of `to`. */
export function levelsBetween(from: PriceLadder<Units>, to: readonly Level[]): Level[] {
  const wanted = new Map(to);
  const removed: Level[] = [];
  for (const [price] of from.levels()) if (!wanted.has(price)) removed.push([price, 0n]);
  return [...removed, ...to.filter(([price, quantity]) => from.get(price) !== quantity)];
}

function setLevel(side: PriceLadder<Units>, [price, quantity]: Level): void {
  if (quantity === 0n) side.delete(price);
  else side.set(price, quantity);
}
