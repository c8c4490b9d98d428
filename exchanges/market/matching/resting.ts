import type { DepthDiff, Level } from "../order-book.ts";
import type { BookSideName } from "../price-ladder.ts";
import type { TapeTrade } from "../tape/frame-codec.ts";
import { least, type Units } from "../units.ts";
import type { Liquidity } from "./liquidity.ts";
import { type Order, remainingOf } from "./order.ts";
import type { OwnBook } from "./own-book.ts";

/** A resting order that the market has filled, at the order's own price. */
export interface RestingFill {
  readonly order: Order;
  readonly quantity: Units;
}

/**
 * Returns the fills of resting orders by a public trade. Its quantity first fills own orders at better prices
 * than the trade's, which it would have matched first; then, at its own price, the queue ahead of each own
 * order.
 */
export function matchTrade(own: OwnBook, trade: TapeTrade): RestingFill[] {
  const side: BookSideName = trade.buyerIsMaker ? "bids" : "asks";
  const fills: RestingFill[] = [];
  let left = trade.quantity;
  let servedAhead = 0n;
  for (const { price, order } of own.reaching(side, trade.price)) {
    if (price === trade.price) {
      const ahead = least(positive(order.queueAhead - servedAhead), left);
      servedAhead += ahead;
      left -= ahead;
      order.queueAhead = positive(order.queueAhead - servedAhead);
    } else {
      order.queueAhead = 0n;
    }
    // At its own price only an iceberg's visible part trades: the next part goes behind the whole queue.
    const quantity = least(price === trade.price ? order.tip : remainingOf(order), left);
    if (quantity === 0n) continue;
    left -= quantity;
    fills.push({ order, quantity });
  }
  return fills;
}

/**
 * The fills of resting orders by a depth diff: own orders that the other side of the tape's book now reaches.
 * They trade with what remains at those levels, at their own price. A queue ahead of an own order shrinks to
 * the quantity that the tape still has there.
 */
export function matchDepth(own: OwnBook, liquidity: Liquidity, diff: DepthDiff): RestingFill[] {
  for (const side of ["bids", "asks"] as const) {
    for (const level of diff[side]) shortenQueue(own, liquidity, side, level);
  }
  return [...crossed(own, liquidity, "bids", "asks"), ...crossed(own, liquidity, "asks", "bids")];
}

function shortenQueue(
  own: OwnBook,
  liquidity: Liquidity,
  side: BookSideName,
  [price, quantity]: Level,
): void {
  liquidity.renew(side, price);
  for (const order of own[side].get(price) ?? []) order.queueAhead = least(order.queueAhead, quantity);
}

function* crossed(
  own: OwnBook,
  liquidity: Liquidity,
  mine: BookSideName,
  theirs: BookSideName,
): Generator<RestingFill> {
  const best = liquidity.best(theirs);
  if (best === undefined) return;
  for (const { price, order } of own.reaching(mine, best)) {
    let wanted = remainingOf(order);
    let filled = 0n;
    while (wanted > 0n) {
      const touch = liquidity.best(theirs);
      if (touch === undefined || !own[mine].reaches(price, touch)) break;
      const quantity = least(wanted, liquidity.at(theirs, touch));
      liquidity.take(theirs, touch, quantity);
      wanted -= quantity;
      filled += quantity;
    }
    if (filled > 0n) yield { order, quantity: filled };
  }
}

function positive(units: Units): Units {
  return units > 0n ? units : 0n;
}
