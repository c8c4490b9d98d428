import { type Labels, METRIC_NAME } from "../../labels.ts";
import { quoteText } from "../../text-quote.ts";
import type { Grouping } from "../ast.ts";
import { formatFloat } from "../format-float.ts";
import { LabelsMemo } from "../labels-memo.ts";
import type { VectorSample, VectorValue } from "../value.ts";
import type { AggregationContext, AggregationOperator } from "./aggregation-operator.ts";

/** One group of an aggregation, with its elements at the current step. */
interface Group {
  readonly labels: Labels;
  readonly members: VectorSample[];
}

/** Remembers the group of each label set, since the same sets occur at every step. */
export class Groups {
  readonly #byKey = new Map<string, Group>();
  readonly #ofLabels: LabelsMemo<Group>;
  #gathered: Group[] = [];

  /** The labels that `without` removes; none with `by`. */
  readonly removed: ReadonlySet<string>;

  constructor({ without, labels: names }: Grouping) {
    const named = new Set(without ? [...names, METRIC_NAME] : names);
    this.removed = without ? named : new Set();
    this.#ofLabels = new LabelsMemo((labels) => {
      const made = without ? labels.without(named) : labels.only(named);
      const group = this.#byKey.get(made.key) ?? { labels: made, members: [] };
      this.#byKey.set(made.key, group);
      return group;
    });
  }

  /**
   * The group of a label set, for the element at this position; the same object for all members of a group.
   */
  groupOf(labels: Labels, place: number): Group {
    return this.#ofLabels.get(labels, place);
  }

  /** The elements by group, in the order in which the groups first occur. Valid until the next call. */
  gather(samples: readonly VectorSample[]): readonly Group[] {
    for (const group of this.#gathered) group.members.length = 0;
    this.#gathered = [];
    for (let place = 0; place < samples.length; place++) {
      const sample = samples[place] as VectorSample;
      const group = this.groupOf(sample.labels, place);
      if (group.members.length === 0) this.#gathered.push(group);
      group.members.push(sample);
    }
    return this.#gathered;
  }
}

/** Aggregates an instant vector. */
export function aggregate(
  operator: AggregationOperator,
  samples: readonly VectorSample[],
  groups: Groups,
  context: AggregationContext,
): VectorValue {
  operator.checkParam?.(context);
  if (operator.kind === "count-values") return countValues(samples, groups, context);
  const result: VectorSample[] = [];
  for (const { labels, members } of groups.gather(samples)) {
    if (operator.kind === "select") result.push(...operator.select(members, context));
    else
      result.push({
        labels,
        value: operator.reduce(members, context),
        dropName: keepsDelayedName(labels, members),
      });
  }
  return { kind: "vector", samples: result };
}

/**
 * With delayed name removal, a group by name loses the name as soon as one of its members would have lost it.
 */
function keepsDelayedName(labels: Labels, group: readonly VectorSample[]): boolean {
  return labels.withoutMetadata() !== labels && group.some((sample) => sample.dropName);
}

function countValues(
  samples: readonly VectorSample[],
  groups: Groups,
  { param, fail }: AggregationContext,
): VectorValue {
  const label = param?.kind === "string" ? param.value : "";
  if (label === "" || !label.isWellFormed()) fail(`invalid label name ${quoteText(label)}`);
  const counts = new Map<string, { labels: Labels; count: number }>();
  for (const [place, sample] of samples.entries()) {
    const group = groups.groupOf(sample.labels, place).labels;
    const labels = groups.removed.has(label) ? group : group.with(label, formatFloat(sample.value));
    const known = counts.get(labels.key);
    if (known === undefined) counts.set(labels.key, { labels, count: 1 });
    else known.count++;
  }
  return {
    kind: "vector",
    samples: [...counts.values()].map(({ labels, count }) => ({ labels, value: count, dropName: false })),
  };
}
