import type { AnnotationLevel } from "../annotations.ts";
import type { Aggregation, Span, ValueType } from "../ast.ts";
import type { Value, VectorSample } from "../value.ts";

/** The context of an aggregation, besides its group. */
export interface AggregationContext {
  readonly aggregation: Aggregation;
  /** The value of the parameter, for the operators that have one. */
  readonly param: Value | null;
  annotate(level: AnnotationLevel, text: string, span: Span): void;
  fail(reason: string): never;
}

interface OperatorBase {
  readonly name: string;
  /** The type of its parameter; null for the operators without one. */
  readonly param: ValueType | null;
  /** Checks the parameter once, before any group: annotations, errors. */
  readonly checkParam?: (context: AggregationContext) => void;
}

/** Returns one value for each group. */
export interface ReducingOperator extends OperatorBase {
  readonly kind: "reduce";
  reduce(samples: readonly VectorSample[], context: AggregationContext): number;
}

/** Returns some of each group's own elements. */
export interface SelectingOperator extends OperatorBase {
  readonly kind: "select";
  select(samples: readonly VectorSample[], context: AggregationContext): readonly VectorSample[];
}

/** Returns one element for each distinct value in a group, with the value in a label. */
interface CountingOperator extends OperatorBase {
  readonly kind: "count-values";
}

export type AggregationOperator = ReducingOperator | SelectingOperator | CountingOperator;
