import { KahanSum, RunningMean } from "../kahan-sum.ts";
import type { VectorSample } from "../value.ts";
import type { ReducingOperator } from "./aggregation-operator.ts";

const sum = reducing("sum", (samples) => {
  const total = new KahanSum(samples[0]?.value);
  for (let index = 1; index < samples.length; index++) total.add((samples[index] as VectorSample).value);
  return total.value;
});

const average = reducing("avg", (samples) => {
  const mean = new RunningMean();
  for (const sample of samples) mean.add(sample.value);
  return mean.value;
});

const minimum = reducing("min", (samples) => extreme(samples, (value, best) => value < best));
const maximum = reducing("max", (samples) => extreme(samples, (value, best) => value > best));
const count = reducing("count", (samples) => samples.length);
const group = reducing("group", () => 1);
const variance = reducing("stdvar", varianceOf);
const deviation = reducing("stddev", (samples) => Math.sqrt(varianceOf(samples)));

/** The aggregations that return one number per group. */
export const REDUCING: readonly ReducingOperator[] = [
  sum,
  average,
  minimum,
  maximum,
  count,
  group,
  variance,
  deviation,
];

function reducing(name: string, reduce: (samples: readonly VectorSample[]) => number): ReducingOperator {
  return { kind: "reduce", name, param: null, reduce };
}

/** NaN is replaced by any number. */
function extreme(samples: readonly VectorSample[], beats: (value: number, best: number) => boolean): number {
  let best = Number.NaN;
  for (const { value } of samples) if (Number.isNaN(best) || beats(value, best)) best = value;
  return best;
}

/** The population variance by Welford's method; one infinite value makes it NaN. */
function varianceOf(samples: readonly VectorSample[]): number {
  let mean = samples[0]?.value ?? Number.NaN;
  let squares = Number.isFinite(mean) ? 0 : Number.NaN;
  for (let index = 1; index < samples.length; index++) {
    const { value } = samples[index] as VectorSample;
    const difference = value - mean;
    mean += difference / (index + 1);
    squares += difference * (value - mean);
  }
  return squares / samples.length;
}
