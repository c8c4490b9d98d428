/** How many orders clients remember: enough for some minutes, with a bound for long loads. */
const CAPACITY = 10_000;

/** The orders whose ids clients know, to query and cancel; the oldest are dropped first. */
export class KnownOrders<Order> {
  readonly #orders: Order[] = [];
  #oldest = 0;

  remember(order: Order): void {
    if (this.#orders.length < CAPACITY) {
      this.#orders.push(order);
      return;
    }
    this.#orders[this.#oldest] = order;
    this.#oldest = (this.#oldest + 1) % CAPACITY;
  }

  /** The order at `draw` in [0, 1); undefined when none is known. */
  pick(draw: number): Order | undefined {
    return this.#orders[Math.floor(draw * this.#orders.length)];
  }

  /** Like `pick`, and removes it. */
  take(draw: number): Order | undefined {
    const index = Math.floor(draw * this.#orders.length);
    const taken = this.#orders[index];
    const last = this.#orders.pop();
    if (last !== undefined && index < this.#orders.length) this.#orders[index] = last;
    if (this.#oldest >= this.#orders.length) this.#oldest = 0;
    return taken;
  }
}
