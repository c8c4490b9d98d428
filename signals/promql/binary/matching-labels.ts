import { type Labels, METRIC_NAME } from "../../labels.ts";
import type { Binary } from "../ast.ts";
import { ARITHMETIC } from "./operators.ts";

/**
 * The labels by which a binary operation matches its two sides, and those of its results. Results are
 * remembered per label set, since the same sets recur at every step.
 */
export class MatchingLabels {
  readonly #binary: Binary;
  readonly #names: ReadonlySet<string>;
  readonly #signatures = new WeakMap<Labels, string>();
  readonly #results = new WeakMap<Labels, WeakMap<Labels, Labels>>();
  readonly #oneToOneResults = new WeakMap<Labels, Labels>();

  constructor(binary: Binary) {
    const { on, labels } = binary.matching;
    this.#binary = binary;
    this.#names = new Set(on ? labels : [...labels, METRIC_NAME]);
  }

  /** A text that is equal exactly for label sets that match. */
  signatureOf(labels: Labels): string {
    let signature = this.#signatures.get(labels);
    if (signature === undefined) {
      signature = this.groupOf(labels).key;
      this.#signatures.set(labels, signature);
    }
    return signature;
  }

  /** The labels by which a set matches. */
  groupOf(labels: Labels): Labels {
    return this.#binary.matching.on ? labels.only(this.#names) : labels.without(this.#names);
  }

  /** The labels of the result of a pair; `many` is the left side unless the operation is one-to-many. */
  resultOf(many: Labels, one: Labels): Labels {
    if (this.#binary.matching.cardinality === "one-to-one") return this.#oneToOneResultOf(many);
    let ofMany = this.#results.get(many);
    if (ofMany === undefined) {
      ofMany = new WeakMap();
      this.#results.set(many, ofMany);
    }
    let labels = ofMany.get(one);
    if (labels === undefined) {
      labels = this.#makeResult(many, one);
      ofMany.set(one, labels);
    }
    return labels;
  }

  #oneToOneResultOf(labels: Labels): Labels {
    let result = this.#oneToOneResults.get(labels);
    if (result === undefined) {
      const { on, labels: named } = this.#binary.matching;
      const names = new Set(named);
      // Arithmetic only marks the name for removal, so that it is still available with delayed name removal.
      result = on ? labels.only(names) : labels.without(names);
      this.#oneToOneResults.set(labels, result);
    }
    return result;
  }

  #makeResult(many: Labels, one: Labels): Labels {
    const { matching, operator } = this.#binary;
    let labels = many;
    for (const name of matching.include) {
      if (name === METRIC_NAME && ARITHMETIC[operator] !== undefined) continue;
      labels = labels.with(name, one.get(name));
    }
    return labels;
  }
}
