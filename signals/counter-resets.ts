/**
 * Remembers where a counter's values fall, that is, where it was reset. Each sample is examined
 * once, however many ranges contain it, so that the increase over a range costs time for its resets
 * and not for its samples.
 */
export class CounterResets {
  #indices: number[] = [];
  #seenTo = 0;

  /** Examines the samples added since the last call. */
  update(values: Float64Array, start: number, end: number): this {
    for (let index = Math.max(this.#seenTo, start + 1); index < end; index++) {
      if ((values[index] as number) < (values[index - 1] as number)) this.#indices.push(index);
    }
    this.#seenTo = end;
    return this;
  }

  /**
   * The number of falls between the samples of a range: the indices `from` up to, but not including, `to`.
   */
  countIn(from: number, to: number): number {
    return this.#firstAfter(to - 1) - this.#firstAfter(from);
  }

  /**
   * The starting value plus each value of a range after which the counter fell, added in the order of time.
   */
  addLost(change: number, values: Float64Array, from: number, to: number): number {
    let sum = change;
    for (let place = this.#firstAfter(from); place < this.#indices.length; place++) {
      const index = this.#indices[place] as number;
      if (index >= to) break;
      sum += values[index - 1] as number;
    }
    return sum;
  }

  /** Updates the indices when samples move to the front by this many places; earlier ones are dropped. */
  moveBy(places: number): void {
    const moved = this.#indices.map((index) => index - places);
    this.#indices = moved.filter((index) => index > 0);
    this.#seenTo = Math.max(0, this.#seenTo - places);
  }

  #firstAfter(index: number): number {
    const indices = this.#indices;
    let low = 0;
    let high = indices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((indices[middle] as number) > index) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
