import type { Labels } from "../labels.ts";

/**
 * Something worked out once for each label set. The same sets come at every step and in the same order, so that what
 * was
 * last found at a place is looked at before the sets are.
 */
export class LabelsMemo<T extends object | string> {
  readonly #make: (labels: Labels) => T;
  readonly #byLabels = new WeakMap<Labels, T>();
  readonly #labelsAt: Labels[] = [];
  readonly #madeAt: T[] = [];

  constructor(make: (labels: Labels) => T) {
    this.#make = make;
  }

  /** What belongs to a label set, which is the element at this place. */
  get(labels: Labels, place: number): T {
    if (this.#labelsAt[place] === labels) return this.#madeAt[place] as T;
    let made = this.#byLabels.get(labels);
    if (made === undefined) {
      made = this.#make(labels);
      this.#byLabels.set(labels, made);
    }
    // Places are filled in order; one beyond them would make a sparse, slow list.
    if (place <= this.#labelsAt.length) {
      this.#labelsAt[place] = labels;
      this.#madeAt[place] = made;
    }
    return made;
  }
}
