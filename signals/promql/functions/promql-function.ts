import type { AnnotationLevel } from "../annotations.ts";
import type { Call, Span, ValueType } from "../ast.ts";
import type { MatrixValue, Value, VectorSample, VectorValue, Window } from "../value.ts";

/** The context of a function, besides its arguments. */
export interface CallContext {
  readonly call: Call;
  /** The moment of evaluation. */
  readonly timeMs: number;
  /** Whether the call belongs to a range query with several steps. */
  readonly isRangeQuery: boolean;
  annotate(level: AnnotationLevel, text: string, span: Span): void;
  /** Ends the query with an error about this call. */
  fail(reason: string): never;
  /** A value cached for this call during the query. */
  remember<T extends object>(create: () => T): T;
}

/** A PromQL function: its signature, and what it computes at one moment. */
export interface PromqlFunction {
  readonly name: string;
  readonly args: readonly ValueType[];
  /**
   * How many of the last arguments are optional; "repeat": the last one can occur any number
   * of times, or not at all.
   */
  readonly optional: number | "repeat";
  readonly returns: ValueType;
  evaluate(args: readonly Value[], context: CallContext): Value;
}

/** The instant vector given as argument. */
export function vectorAt(args: readonly Value[], position: number): readonly VectorSample[] {
  const value = args[position];
  if (value?.kind !== "vector") throw new TypeError(`Argument ${position} is not an instant vector.`);
  return value.samples;
}

/** The range vector given as argument. */
export function matrixAt(args: readonly Value[], position: number): MatrixValue {
  const value = args[position];
  if (value?.kind !== "matrix") throw new TypeError(`Argument ${position} is not a range vector.`);
  return value;
}

/** The number given as argument, or the default when it is absent. */
export function scalarAt(args: readonly Value[], position: number, otherwise = Number.NaN): number {
  const value = args[position];
  return value?.kind === "scalar" ? value.value : otherwise;
}

/** The text given as argument. */
export function textAt(args: readonly Value[], position: number): string {
  const value = args[position];
  if (value?.kind !== "string") throw new TypeError(`Argument ${position} is not a string.`);
  return value.value;
}

/** A function that computes each element of a vector from that element alone. */
export function elementwise(
  name: string,
  compute: (value: number, args: readonly Value[]) => number,
  extraArgs: readonly ValueType[] = [],
  optional = 0,
): PromqlFunction {
  return {
    name,
    args: ["vector", ...extraArgs],
    optional,
    returns: "vector",
    evaluate: (args) =>
      mapSamples(vectorAt(args, 0), (sample) => ({
        labels: sample.labels,
        value: compute(sample.value, args),
        dropName: true,
      })),
  };
}

/** A function that computes one value from each window of a range vector, or none by returning undefined. */
export function overRange(
  name: string,
  compute: (
    window: Window,
    matrix: MatrixValue,
    args: readonly Value[],
    timeMs: number,
  ) => number | undefined,
  keepsName = false,
): PromqlFunction {
  return {
    name,
    args: ["matrix"],
    optional: 0,
    returns: "vector",
    evaluate: (args, context) => eachWindow(matrixAt(args, 0), args, context.timeMs, compute, keepsName),
  };
}

/** Computes one value for each window that has samples. */
export function eachWindow(
  matrix: MatrixValue,
  args: readonly Value[],
  timeMs: number,
  compute: (
    window: Window,
    matrix: MatrixValue,
    args: readonly Value[],
    timeMs: number,
  ) => number | undefined,
  keepsName = false,
): VectorValue {
  const samples: VectorSample[] = [];
  for (const window of matrix.series) {
    if (window.to === window.from) continue;
    const value = compute(window, matrix, args, timeMs);
    if (value === undefined) continue;
    samples.push({ labels: window.labels, value, dropName: keepsName ? window.dropName : true });
  }
  return { kind: "vector", samples };
}

/** A vector made by changing each sample of another. */
export function mapSamples(
  samples: readonly VectorSample[],
  change: (sample: VectorSample) => VectorSample,
): VectorValue {
  return { kind: "vector", samples: samples.map(change) };
}
