import type { Labels } from "../labels.ts";
import type { SeriesSource } from "../sample-store.ts";
import { aggregate, Groups } from "./aggregations/aggregate.ts";
import { AGGREGATIONS } from "./aggregations/registry.ts";
import { Annotations } from "./annotations.ts";
import {
  type Aggregation,
  type Binary,
  type Call,
  type Expr,
  type Subquery,
  type Unary,
  unwrapParens,
} from "./ast.ts";
import { MatchingLabels } from "./binary/matching-labels.ts";
import { SET_OPERATORS } from "./binary/operators.ts";
import { combineSets } from "./binary/set-operators.ts";
import { computePair, dropsName, matchVectors } from "./binary/vector-matching.ts";
import type { EngineOptions, Moment } from "./engine-options.ts";
import { FUNCTIONS } from "./functions/registry.ts";
import { PromqlError } from "./promql-error.ts";
import { type BudgetOverrun, QueryBudget } from "./query-budget.ts";
import { Selection } from "./selection.ts";
import type { Value, VectorSample, VectorValue } from "./value.ts";

/**
 * Evaluates one parsed expression over one source, at any number of times. What does not change between times
 * (selected series, groups, matching) is cached, so keep an evaluator for a query that repeats.
 */
export class Evaluator {
  readonly text: string;
  readonly options: EngineOptions;
  readonly selection: Selection;
  readonly annotations: Annotations;
  readonly #budget: QueryBudget;
  readonly #memory = new Map<Expr, object>();
  /** By expression: the last sequence of label sets that was found to have no duplicates. */
  readonly #distinct = new Map<Expr, readonly VectorSample[]>();

  constructor(text: string, source: SeriesSource, options: EngineOptions) {
    this.text = text;
    this.options = options;
    this.selection = new Selection(source, options.lookbackMs);
    this.#budget = new QueryBudget(options.maxSamples, options.timeoutMs, options.monotonicMs);
    this.annotations = new Annotations(text);
  }

  /** Starts a query, whose samples and time are counted. */
  begin(): void {
    this.#budget.begin();
  }

  /** The value of an expression at a moment. */
  evaluate(expr: Expr, moment: Moment): Value {
    this.#budget.step((reason) => this.#overrun(reason, expr));
    switch (expr.kind) {
      case "number":
        return { kind: "scalar", value: expr.value };
      case "string":
        return { kind: "string", value: expr.value };
      case "paren":
        return this.evaluate(expr.expr, moment);
      case "vector-selector":
        return this.selection.instant(expr, moment);
      case "matrix-selector":
        return this.selection.range(expr, moment);
      case "subquery":
        return this.#subquery(expr, moment);
      case "call":
        return this.settleNames(this.#call(expr, moment), expr);
      case "unary":
        return this.#negate(expr, moment);
      case "aggregation":
        return this.settleNames(this.#aggregate(expr, moment), expr);
      case "binary":
        return this.#combine(expr, moment);
    }
  }

  /** A value created once for an expression and cached in this evaluator. */
  remember<T extends object>(expr: Expr, create: () => T): T {
    const known = this.#memory.get(expr);
    if (known !== undefined) return known as T;
    const made = create();
    this.#memory.set(expr, made);
    return made;
  }

  /** Ends the query with an error about one part of the expression. */
  fail(reason: string, expr: Expr): never {
    throw new PromqlError("promql-evaluation", reason, this.text, expr.span);
  }

  /** Removes the metric names that no longer apply, unless that is delayed until the end of the query. */
  settleNames(value: Value, expr: Expr): Value {
    if (value.kind !== "vector") return value;
    return this.options.delayedNameRemoval ? value : this.dropNames(value, expr);
  }

  /** Removes the metric names that no longer apply; elements must remain distinct. */
  dropNames(value: VectorValue, expr: Expr): VectorValue {
    const samples = !value.samples.some((sample) => sample.dropName)
      ? value.samples
      : value.samples.map((sample) => {
          if (!sample.dropName) return sample;
          return { labels: sample.labels.withoutMetadata(), value: sample.value, dropName: false };
        });
    // The same series occur at every step, as the same objects; then there is nothing new to compare.
    if (samples.length > 1 && !haveSameLabels(samples, this.#distinct.get(expr))) {
      if (!areDistinct(samples)) this.fail("vector cannot contain metrics with the same labelset", expr);
      this.#distinct.set(expr, samples);
    }
    return { kind: "vector", samples };
  }

  #overrun(reason: BudgetOverrun, expr: Expr): never {
    throw new PromqlError("promql-limit", reason, this.text, expr.span);
  }

  #subquery(subquery: Subquery, moment: Moment): Value {
    const overrun = (reason: BudgetOverrun): never => this.#overrun(reason, subquery);
    let held = 0;
    const value = this.selection.subquery(subquery, moment, this.options.subqueryStepMs, (at) => {
      this.#budget.step(overrun);
      const inner = this.evaluate(subquery.expr, at);
      const samples = inner.kind === "vector" ? inner.samples.length : 1;
      held += samples;
      this.#budget.hold(samples, overrun);
      return inner;
    });
    this.#budget.hold(-held, overrun);
    return value;
  }

  #call(call: Call, moment: Moment): Value {
    const definition = FUNCTIONS.get(call.name);
    if (definition === undefined) return this.fail(`unknown function ${call.name}`, call);
    const [first] = call.args;
    const selector = first === undefined ? undefined : unwrapParens(first);
    if (call.name === "timestamp" && selector?.kind === "vector-selector") {
      // For a plain selector it returns the time of each sample itself, not of the evaluation.
      return this.selection.instant(selector, moment, "times");
    }
    const args = call.args.map((arg) => this.evaluate(arg, moment));
    return definition.evaluate(args, {
      call,
      timeMs: moment.timeMs,
      isRangeQuery: moment.startMs !== moment.endMs,
      annotate: (level, text, span) => this.annotations.add(level, text, span),
      fail: (reason) => this.fail(reason, call),
      remember: (create) => this.remember(call, create),
    });
  }

  #negate(unary: Unary, moment: Moment): Value {
    const value = this.evaluate(unary.operand, moment);
    if (unary.operator === "+") return value;
    if (value.kind === "scalar") return { kind: "scalar", value: -value.value };
    const samples = vectorOf(value).map((sample) => ({ ...sample, value: -sample.value, dropName: true }));
    return this.settleNames({ kind: "vector", samples }, unary);
  }

  #aggregate(aggregation: Aggregation, moment: Moment): Value {
    const operator = AGGREGATIONS.get(aggregation.operator);
    if (operator === undefined) return this.fail(`unknown aggregation ${aggregation.operator}`, aggregation);
    const groups = this.remember(aggregation, () => new Groups(aggregation.grouping));
    return aggregate(operator, vectorOf(this.evaluate(aggregation.expr, moment)), groups, {
      aggregation,
      param: aggregation.param === null ? null : this.evaluate(aggregation.param, moment),
      annotate: (level, text, span) => this.annotations.add(level, text, span),
      fail: (reason) => this.fail(reason, aggregation),
    });
  }

  #combine(binary: Binary, moment: Moment): Value {
    const left = this.evaluate(binary.left, moment);
    const right = this.evaluate(binary.right, moment);
    if (left.kind === "scalar" && right.kind === "scalar") {
      return { kind: "scalar", value: computePair(binary, left.value, right.value) ?? Number.NaN };
    }
    if (left.kind === "vector" && right.kind === "vector") {
      const matching = this.remember(binary, () => new MatchingLabels(binary));
      if (SET_OPERATORS.has(binary.operator)) {
        return combineSets(binary.operator, left.samples, right.samples, matching);
      }
      const fail = (reason: string): never => this.fail(reason, binary);
      return this.settleNames(matchVectors(binary, left.samples, right.samples, matching, fail), binary);
    }
    return this.settleNames(combineWithScalar(binary, left, right), binary);
  }
}

/** The elements of a value that the type check has established as an instant vector. */
function vectorOf(value: Value): readonly VectorSample[] {
  if (value.kind !== "vector") throw new TypeError(`Expected an instant vector, got a ${value.kind}.`);
  return value.samples;
}

/** A comparison keeps the vector's value, on whichever side the vector is. */
function combineWithScalar(binary: Binary, left: Value, right: Value): VectorValue {
  const isVectorLeft = left.kind === "vector";
  const scalar = isVectorLeft ? right : left;
  const operand = scalar.kind === "scalar" ? scalar.value : Number.NaN;
  const drops = dropsName(binary);
  const samples: VectorSample[] = [];
  for (const sample of vectorOf(isVectorLeft ? left : right)) {
    const value = isVectorLeft
      ? computePair(binary, sample.value, operand)
      : computePair(binary, operand, sample.value);
    if (value === undefined) continue;
    samples.push(drops ? { ...sample, value, dropName: true } : sample);
  }
  return { kind: "vector", samples };
}

function haveSameLabels(
  samples: readonly VectorSample[],
  known: readonly VectorSample[] | undefined,
): boolean {
  return (
    known !== undefined &&
    samples.length === known.length &&
    samples.every((sample, index) => sample.labels === known[index]?.labels)
  );
}

/** Whether no label set occurs twice. */
function areDistinct(samples: readonly VectorSample[]): boolean {
  const keys = new Set<Labels>();
  for (const sample of samples) keys.add(sample.labels);
  if (keys.size < samples.length) return false;
  const texts = new Set<string>();
  for (const labels of keys) texts.add(labels.key);
  return texts.size === samples.length;
}
