import type { Units } from "../units.ts";
import type { Order, Trigger } from "./order.ts";

/** The account's orders of one symbol that wait for their trigger, oldest first. */
export class WaitingOrders {
  readonly #orders = new Set<Order>();

  add(order: Order): void {
    this.#orders.add(order);
  }

  remove(order: Order): void {
    this.#orders.delete(order);
  }

  /** Removes and returns the orders whose stop price the last price has reached. */
  takeReached(lastPrice: Units): Order[] {
    if (this.#orders.size === 0) return [];
    const reached = [...this.#orders].filter(
      ({ trigger }) => trigger !== undefined && isReached(trigger, lastPrice),
    );
    for (const order of reached) this.#orders.delete(order);
    return reached;
  }
}

/** Whether the last price has reached a trigger's stop price. */
export function isReached({ stopPrice, when }: Trigger, lastPrice: Units): boolean {
  return when === "rises-to" ? lastPrice >= stopPrice : lastPrice <= stopPrice;
}
