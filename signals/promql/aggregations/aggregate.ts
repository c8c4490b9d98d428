import { type Labels, METRIC_NAME } from "../../labels.ts";
import { quoteText } from "../../text-quote.ts";
import type { Grouping } from "../ast.ts";
import { formatFloat } from "../format-float.ts";
import type { VectorSample, VectorValue } from "../value.ts";
import type { AggregationContext, AggregationOperator } from "./aggregation-operator.ts";

/** Remembers which group a label set belongs to, since the same sets come again at every step. */
export class Groups {
  readonly #grouping: Grouping;
  readonly #names: ReadonlySet<string>;
  readonly #ofLabels = new WeakMap<Labels, Labels>();
  readonly #byKey = new Map<string, Labels>();

  constructor(grouping: Grouping) {
    this.#grouping = grouping;
    this.#names = new Set(grouping.without ? [...grouping.labels, METRIC_NAME] : grouping.labels);
  }

  /** The labels of the group: one object for each group, so that it can be a key. */
  groupOf(labels: Labels): Labels {
    let group = this.#ofLabels.get(labels);
    if (group === undefined) {
      const made = this.#grouping.without ? labels.without(this.#names) : labels.only(this.#names);
      group = this.#byKey.get(made.key) ?? made;
      this.#byKey.set(made.key, group);
      this.#ofLabels.set(labels, group);
    }
    return group;
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
  const members = new Map<Labels, VectorSample[]>();
  for (const sample of samples) {
    const group = groups.groupOf(sample.labels);
    const known = members.get(group);
    if (known === undefined) members.set(group, [sample]);
    else known.push(sample);
  }
  const result: VectorSample[] = [];
  for (const [labels, group] of members) {
    if (operator.kind === "select") result.push(...operator.select(group, context));
    else
      result.push({
        labels,
        value: operator.reduce(group, context),
        dropName: keepsDoomedName(labels, group),
      });
  }
  return { kind: "vector", samples: result };
}

/** Where names are dropped late, a group by name loses it as soon as one of its members was to lose it. */
function keepsDoomedName(labels: Labels, group: readonly VectorSample[]): boolean {
  return labels.metricName !== "" && group.some((sample) => sample.dropName);
}

function countValues(
  samples: readonly VectorSample[],
  groups: Groups,
  { param, fail }: AggregationContext,
): VectorValue {
  const label = param?.kind === "string" ? param.value : "";
  if (label === "" || !label.isWellFormed()) fail(`invalid label name ${quoteText(label)}`);
  const counts = new Map<string, { labels: Labels; count: number }>();
  for (const sample of samples) {
    const labels = groups.groupOf(sample.labels).with(label, formatFloat(sample.value));
    const known = counts.get(labels.key);
    if (known === undefined) counts.set(labels.key, { labels, count: 1 });
    else known.count++;
  }
  return {
    kind: "vector",
    samples: [...counts.values()].map(({ labels, count }) => ({ labels, value: count, dropName: false })),
  };
}
