import type { Labels } from "../labels.ts";
import type { Series } from "../series.ts";

/** One element of an instant vector. */
export interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
  /** The metric name no longer describes the value and is removed with the others. */
  readonly dropName: boolean;
}

/** The samples of one series within a range: a view, the indices `from` up to, but not including, `to`. */
export interface Window {
  readonly labels: Labels;
  readonly dropName: boolean;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  /** The series behind this view, with its cached data; null for a window with its own samples. */
  readonly series: Series | null;
}

interface ScalarValue {
  readonly kind: "scalar";
  readonly value: number;
}

interface StringValue {
  readonly kind: "string";
  readonly value: string;
}

export interface VectorValue {
  readonly kind: "vector";
  readonly samples: readonly VectorSample[];
}

export interface MatrixValue {
  readonly kind: "matrix";
  readonly series: readonly Window[];
  /** The range's length. */
  readonly rangeMs: number;
  /** The range's end (inclusive), after `offset` and `@`. */
  readonly endMs: number;
}

/** The result of an expression at one time. */
export type Value = ScalarValue | StringValue | VectorValue | MatrixValue;

/** An instant vector without elements. */
export const EMPTY_VECTOR: VectorValue = { kind: "vector", samples: [] };
