import { Labels } from "../../labels.ts";
import { mapSamples, type PromqlFunction, scalarAt, vectorAt } from "./promql-function.ts";

const scalar: PromqlFunction = {
  name: "scalar",
  args: ["vector"],
  optional: 0,
  returns: "scalar",
  evaluate(args) {
    const samples = vectorAt(args, 0);
    const [only] = samples;
    return { kind: "scalar", value: samples.length === 1 && only !== undefined ? only.value : Number.NaN };
  },
};

const vector: PromqlFunction = {
  name: "vector",
  args: ["scalar"],
  optional: 0,
  returns: "vector",
  evaluate: (args) => ({
    kind: "vector",
    samples: [{ labels: Labels.empty, value: scalarAt(args, 0), dropName: false }],
  }),
};

const time: PromqlFunction = {
  name: "time",
  args: [],
  optional: 0,
  returns: "scalar",
  evaluate: (_args, context) => ({ kind: "scalar", value: context.timeMs / 1_000 }),
};

const pi: PromqlFunction = {
  name: "pi",
  args: [],
  optional: 0,
  returns: "scalar",
  evaluate: () => ({ kind: "scalar", value: Math.PI }),
};

/** For a plain selector the evaluator passes the samples' own times as values (see evaluator.ts). */
const timestamp: PromqlFunction = {
  name: "timestamp",
  args: ["vector"],
  optional: 0,
  returns: "vector",
  evaluate: (args, context) =>
    mapSamples(vectorAt(args, 0), (sample) => ({ ...sample, value: context.timeMs / 1_000, dropName: true })),
};

/** The conversions between scalars, vectors and time. */
export const CONVERSION: readonly PromqlFunction[] = [scalar, vector, time, pi, timestamp];
