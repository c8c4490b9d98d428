import { type BookSideName, PriceLadder } from "../price-ladder.ts";
import type { Units } from "../units.ts";
import type { Order } from "./order.ts";

/** A resting order and its price. */
export interface RestingOrder {
  readonly price: Units;
  readonly order: Order;
}

/** The account's resting orders of one symbol, by price and then by time. */
export class OwnBook {
  readonly bids = new PriceLadder<Order[]>("bids");
  readonly asks = new PriceLadder<Order[]>("asks");

  add(order: Order, price: Units): void {
    const ladder = this[sideOf(order)];
    const queue = ladder.get(price);
    if (queue === undefined) ladder.set(price, [order]);
    else queue.push(order);
  }

  remove(order: Order): void {
    const ladder = this[sideOf(order)];
    const price = order.limitPrice;
    const queue = price === undefined ? undefined : ladder.get(price);
    if (price === undefined || queue === undefined) return;
    const index = queue.indexOf(order);
    if (index >= 0) queue.splice(index, 1);
    if (queue.length === 0) ladder.delete(price);
  }

  /**
   * Orders whose price is `limit` or better for the other side, in price-time order. The book must not change
   * during the iteration.
   */
  *reaching(side: BookSideName, limit: Units | undefined): Generator<RestingOrder> {
    for (const [price, queue] of this[side].levels()) {
      if (limit !== undefined && !this[side].reaches(price, limit)) return;
      for (const order of queue) yield { price, order };
    }
  }
}

/** The side of the book on which an order rests. */
export function sideOf(order: { readonly side: "buy" | "sell" }): BookSideName {
  return order.side === "buy" ? "bids" : "asks";
}

/** The side of the book that an order trades with. */
export function oppositeOf(order: { readonly side: "buy" | "sell" }): BookSideName {
  return order.side === "buy" ? "asks" : "bids";
}
