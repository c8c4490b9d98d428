import type { Labels } from "../labels.ts";

/**
 * A value computed once per label set. The same sets recur at every step in the same order, so the last value
 * found at a position is tried before the label sets are compared.
 */
export class LabelsMemo<T extends object | string> {
  readonly #make: (labels: Labels) => T;
  readonly #byLabels = new WeakMap<Labels, T>();
  readonly #labelsAt: Labels[] = [];
  readonly #madeAt: T[] = [];

  constructor(make: (labels: Labels) => T) {
    this.#make = make;
  }

  /** The cached value of a label set, for the element at this position. */
  get(labels: Labels, place: number): T {
    if (this.#labelsAt[place] === labels) return this.#madeAt[place] as T;
    let made = this.#byLabels.get(labels);
    if (made === undefined) {
      made = this.#make(labels);
      this.#byLabels.set(labels, made);
    }
    // Positions are filled in order; a larger one would create a sparse, slow array.
    if (place <= this.#labelsAt.length) {
      this.#labelsAt[place] = labels;
      this.#madeAt[place] = made;
    }
    return made;
  }
}
