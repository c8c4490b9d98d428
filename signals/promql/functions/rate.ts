import type { MatrixValue, VectorSample, Window } from "../value.ts";
import { type CallContext, eachWindow, matrixAt, type PromqlFunction } from "./promql-function.ts";

/** A gap at the edge of a range that is longer than this many sample intervals means that the series began or ended. */
const EXTRAPOLATION_LIMIT = 1.1;

type RateKind = "rate" | "increase" | "delta";

/** `rate`: the increase of a counter per second, extrapolated to the whole range. */
export const rate = extrapolating("rate");
/** `increase`: the increase of a counter, extrapolated to the whole range. */
export const increase = extrapolating("increase");
/** `delta`: the difference of a gauge, extrapolated to the whole range. */
export const delta = extrapolating("delta");

function extrapolating(kind: RateKind): PromqlFunction {
  return {
    name: kind,
    args: ["matrix"],
    optional: 0,
    returns: "vector",
    evaluate(args, context) {
      const result = eachWindow(matrixAt(args, 0), args, context.timeMs, (window, matrix) =>
        extrapolate(window, matrix, kind),
      );
      if (kind !== "delta") noteNonCounters(result.samples, context);
      return result;
    },
  };
}

/** Prometheus adds an annotation for `rate` over a metric whose name is not that of a counter. */
function noteNonCounters(samples: readonly VectorSample[], context: CallContext): void {
  const seen = context.remember(() => new Set<string>());
  let last = "";
  for (const { labels } of samples) {
    const name = labels.metricName;
    if (name === last || seen.has(name)) continue;
    last = name;
    if (name === "") continue;
    seen.add(name);
    if (/_(?:total|sum|count|bucket)$/.test(name)) continue;
    const span = context.call.args[0]?.span ?? context.call.span;
    context.annotate(
      "info",
      `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(name)}`,
      span,
    );
  }
}

/** The difference between the first and the last sample, plus the value lost at each counter reset. */
function observedChange({ values, from, to, series }: Window, isCounter: boolean): number {
  let change = (values[to - 1] as number) - (values[from] as number);
  if (!isCounter) return change;
  if (series !== null) return series.resets.addLost(change, values, from, to);
  let previous = values[from] as number;
  for (let index = from + 1; index < to; index++) {
    const current = values[index] as number;
    if (current < previous) change += previous;
    previous = current;
  }
  return change;
}

/** Prometheus's `extrapolatedRate`, for floats. */
function extrapolate(window: Window, matrix: MatrixValue, kind: RateKind): number | undefined {
  const { timesMs, values, from, to } = window;
  if (to - from < 2) return undefined;
  const isCounter = kind !== "delta";
  const change = observedChange(window, isCounter);
  const firstMs = timesMs[from] as number;
  const lastMs = timesMs[to - 1] as number;
  const sampledSeconds = (lastMs - firstMs) / 1_000;
  const averageSeconds = sampledSeconds / (to - from - 1);
  const limitSeconds = averageSeconds * EXTRAPOLATION_LIMIT;

  let toStartSeconds = (firstMs - (matrix.endMs - matrix.rangeMs)) / 1_000;
  if (toStartSeconds >= limitSeconds) toStartSeconds = averageSeconds / 2;
  const first = values[from] as number;
  if (isCounter && change > 0 && first >= 0) {
    // A counter cannot have been below zero, so the extrapolation stops at zero.
    toStartSeconds = Math.min(toStartSeconds, sampledSeconds * (first / change));
  }
  let toEndSeconds = (matrix.endMs - lastMs) / 1_000;
  if (toEndSeconds >= limitSeconds) toEndSeconds = averageSeconds / 2;

  const factor = (sampledSeconds + toStartSeconds + toEndSeconds) / sampledSeconds;
  return change * (kind === "rate" ? factor / (matrix.rangeMs / 1_000) : factor);
}
