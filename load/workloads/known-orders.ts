/** How many orders clients remember: enough for some minutes, with a bound for long loads. */
const CAPACITY = 10_000;

/** The orders whose ids clients know, to query and cancel; the oldest are dropped first. */
export class KnownOrders {
  readonly #ids: string[] = [];
  #oldest = 0;

  remember(id: string): void {
    if (this.#ids.length < CAPACITY) {
      this.#ids.push(id);
      return;
    }
    this.#ids[this.#oldest] = id;
    this.#oldest = (this.#oldest + 1) % CAPACITY;
  }

  /** The order at `draw` in [0, 1); undefined when none is known. */
  pick(draw: number): string | undefined {
    return this.#ids[Math.floor(draw * this.#ids.length)];
  }

  /** Like `pick`, and removes it. */
  take(draw: number): string | undefined {
    const index = Math.floor(draw * this.#ids.length);
    const taken = this.#ids[index];
    const last = this.#ids.pop();
    if (last !== undefined && index < this.#ids.length) this.#ids[index] = last;
    if (this.#oldest >= this.#ids.length) this.#oldest = 0;
    return taken;
  }
}
