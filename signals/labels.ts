import { quoteText } from "./text-quote.ts";

/** The label that carries a series' metric name. */
export const METRIC_NAME = "__name__";

const ONLY_METRIC_NAME: ReadonlySet<string> = new Set([METRIC_NAME]);
/** The labels that identify a metric. Functions that compute a new value drop them together. */
const METADATA_LABELS: ReadonlySet<string> = new Set([METRIC_NAME, "__type__", "__unit__"]);

/**
 * An immutable label set, sorted by name. Empty values do not exist, as in Prometheus: setting one removes it.
 * Two sets are equal exactly when their `key` is equal.
 */
export class Labels {
  static readonly empty: Labels = new Labels([], []);
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** The metric name, or the empty text. */
  readonly metricName: string;
  #key: string | undefined;
  #withoutMetricName: Labels | undefined;
  #withoutMetadata: Labels | undefined;

  private constructor(names: readonly string[], values: readonly string[]) {
    this.names = names;
    this.values = values;
    const position = names.indexOf(METRIC_NAME);
    this.metricName = position === -1 ? "" : (values[position] ?? "");
  }

  /** Builds a set from a record of names and values. */
  static of(record: Readonly<Record<string, string>>): Labels {
    return Labels.fromEntries(Object.entries(record));
  }

  /** Builds a set from pairs in any order; a later pair of the same name wins. */
  static fromEntries(entries: Iterable<readonly [string, string]>): Labels {
    const byName = new Map<string, string>();
    for (const [name, value] of entries) {
      if (value === "") byName.delete(name);
      else byName.set(name, value);
    }
    const sorted = [...byName].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    return new Labels(
      sorted.map(([name]) => name),
      sorted.map(([, value]) => value),
    );
  }

  /** A text that is equal for equal sets only. */
  get key(): string {
    this.#key ??= JSON.stringify([this.names, this.values]);
    return this.#key;
  }

  /** The value of one label; the empty text when it is not set. */
  get(name: string): string {
    const position = this.names.indexOf(name);
    return position === -1 ? "" : (this.values[position] ?? "");
  }

  /** The names and values, in order. */
  *entries(): IterableIterator<[string, string]> {
    for (let index = 0; index < this.names.length; index++) {
      yield [this.names[index] ?? "", this.values[index] ?? ""];
    }
  }

  /** This set with one label set (or, with the empty text, removed). */
  with(name: string, value: string): Labels {
    return Labels.fromEntries([...this.entries(), [name, value]]);
  }

  /** This set without the named labels. */
  without(names: ReadonlySet<string>): Labels {
    return Labels.fromEntries([...this.entries()].filter(([name]) => !names.has(name)));
  }

  /** The named labels of this set only. */
  only(names: ReadonlySet<string>): Labels {
    return Labels.fromEntries([...this.entries()].filter(([name]) => names.has(name)));
  }

  /** This set without the metric name; the same object each time, so that it can serve as a cache key. */
  withoutMetricName(): Labels {
    if (this.metricName === "") return this;
    this.#withoutMetricName ??= this.without(ONLY_METRIC_NAME);
    return this.#withoutMetricName;
  }

  /**
   * This set without the metric name, the type and the unit: this object when it has none of them, otherwise
   * the same object each time, so that it can serve as a cache key.
   */
  withoutMetadata(): Labels {
    this.#withoutMetadata ??= this.names.some((name) => METADATA_LABELS.has(name))
      ? this.without(METADATA_LABELS)
      : this;
    return this.#withoutMetadata;
  }

  /** The set as a plain record. */
  toRecord(): Record<string, string> {
    return Object.fromEntries(this.entries());
  }

  /** The set as Prometheus prints it: `{__name__="up", job="spark"}`. */
  toString(): string {
    return `{${[...this.entries()].map(([name, value]) => `${name}=${quoteText(value)}`).join(", ")}}`;
  }
}
