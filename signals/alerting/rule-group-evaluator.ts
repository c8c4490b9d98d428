import { UsageError } from "../../core/index.ts";
import { Labels, METRIC_NAME } from "../labels.ts";
import type { EngineOptions } from "../promql/engine-options.ts";
import { instantQuery, PreparedQuery } from "../promql/query.ts";
import type { Value, VectorSample } from "../promql/value.ts";
import type { SampleSink, SeriesSource } from "../sample-store.ts";
import { type ActiveAlert, AlertState, beyondLimit } from "./alert-state.ts";
import type { AlertingRule, RecordingRule, Rule, RuleGroup } from "./rule.ts";
import type { External, TemplateSample } from "./template-values.ts";

/** The result of one rule at one evaluation. */
export type RuleOutcome =
  | { readonly kind: "recorded"; readonly rule: RecordingRule; readonly series: number }
  | {
      readonly kind: "judged";
      readonly rule: AlertingRule;
      readonly alerts: readonly ActiveAlert[];
      /**
       * Whether the expression's selectors found any sample; without one, the absence of alerts proves
       * nothing.
       */
      readonly hasData: boolean;
    }
  | { readonly kind: "failed"; readonly rule: Rule; readonly error: unknown };

/**
 * Evaluates the rules of a group in order; recorded series and `ALERTS` are written into the
 * store that the rules read.
 */
export class RuleGroupEvaluator {
  readonly group: RuleGroup;
  readonly #rules: readonly RuleEvaluation[];

  constructor(
    group: RuleGroup,
    store: SeriesSource & SampleSink,
    options: EngineOptions,
    external: External = { labels: {}, url: "" },
  ) {
    this.group = group;
    this.#rules = group.rules.map((rule) => new RuleEvaluation(rule, store, options, external));
  }

  /** Evaluates every rule at a moment. When one fails, the others are still evaluated. */
  evaluate(atMs: number): readonly RuleOutcome[] {
    return this.#rules.map((rule) => rule.evaluate(atMs, this.group));
  }
}

class RuleEvaluation {
  readonly #rule: Rule;
  readonly #query: PreparedQuery;
  readonly #store: SeriesSource & SampleSink;
  readonly #options: EngineOptions;
  readonly #state: AlertState | undefined;
  readonly #recordedLabels = new WeakMap<Labels, Labels>();
  #written = new Map<string, Labels>();

  constructor(rule: Rule, store: SeriesSource & SampleSink, options: EngineOptions, external: External) {
    this.#rule = rule;
    this.#query = new PreparedQuery(rule.text, rule.expr, store, options);
    this.#store = store;
    this.#options = options;
    this.#state = rule.kind === "alert" ? new AlertState(rule, external) : undefined;
  }

  evaluate(atMs: number, { queryOffsetMs, limit }: RuleGroup): RuleOutcome {
    const rule = this.#rule;
    // A recorded sample has the time of the samples it was computed from. Alerts and the queries in their
    // annotations use the time of the evaluation.
    const queriedMs = atMs - queryOffsetMs;
    try {
      const { value, hasData } = this.#query.at(queriedMs);
      const samples = elementsOf(value);
      if (rule.kind === "record") {
        if (limit !== null && samples.length > limit)
          throw beyondLimit(rule.name, limit, `${samples.length} series`);
        const series = samples.map(({ labels, value }) => [this.#recorded(rule, labels), value] as const);
        refuseTwins(rule, series);
        this.#write(series, queriedMs);
        return { kind: "recorded", rule, series: samples.length };
      }
      const alerts = this.#state?.update(samples, atMs, limit, (text) => this.#ask(text, atMs)) ?? [];
      this.#write(alerts.flatMap(alertSeries), queriedMs);
      return { kind: "judged", rule, alerts, hasData };
    } catch (error) {
      return { kind: "failed", rule, error };
    }
  }

  /** A query of a template, over the store that the rule reads. */
  #ask(expression: string, atMs: number): readonly TemplateSample[] {
    const { value } = instantQuery(this.#store, expression, atMs, this.#options);
    return elementsOf(value).map((sample) => ({ Labels: sample.labels.toRecord(), Value: sample.value }));
  }

  #recorded(rule: RecordingRule, labels: Labels): Labels {
    let recorded = this.#recordedLabels.get(labels);
    if (recorded === undefined) {
      recorded = Labels.fromEntries([
        ...labels.entries(),
        ...Object.entries(rule.labels),
        [METRIC_NAME, rule.name],
      ]);
      this.#recordedLabels.set(labels, recorded);
    }
    return recorded;
  }

  /** Writes the series of this evaluation, and marks as ended those that were only in the one before. */
  #write(series: readonly (readonly [Labels, number])[], atMs: number): void {
    const written = new Map<string, Labels>();
    for (const [labels, value] of series) {
      this.#store.append(labels, atMs, value);
      written.set(labels.key, labels);
    }
    for (const [key, labels] of this.#written) if (!written.has(key)) this.#store.appendStale(labels, atMs);
    this.#written = written;
  }
}

/** Two series to which the rule's labels give the same labels would silently overwrite each other. */
function refuseTwins(rule: RecordingRule, series: readonly (readonly [Labels, number])[]): void {
  const keys = new Set<string>();
  for (const [labels] of series) {
    if (!keys.has(labels.key)) {
      keys.add(labels.key);
      continue;
    }
    throw new UsageError({
      code: "duplicate-series",
      message: `Expected distinct labels for each series of ${rule.name} after applying its labels, got ${labels} twice.`,
      nextStep: "Aggregate in the expression, or do not overwrite the label that distinguishes the series.",
    });
  }
}

function elementsOf(value: Value): readonly VectorSample[] {
  if (value.kind === "vector") return value.samples;
  if (value.kind === "scalar") return [{ labels: Labels.empty, value: value.value, dropName: false }];
  throw new TypeError(
    `Expected a rule's expression to return an instant vector or a scalar, got a ${value.kind}.`,
  );
}

/** The two series of an alert: `ALERTS` with its state, and `ALERTS_FOR_STATE` with its start, in seconds. */
function alertSeries(alert: ActiveAlert): readonly (readonly [Labels, number])[] {
  const state = alert.labels.with("alertstate", alert.state).with(METRIC_NAME, "ALERTS");
  const since = alert.labels.with(METRIC_NAME, "ALERTS_FOR_STATE");
  return [
    [state, 1],
    [since, Math.floor(alert.activeAtMs / 1_000)],
  ];
}
