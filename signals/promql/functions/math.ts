import { EMPTY_VECTOR } from "../value.ts";
import { elementwise, mapSamples, type PromqlFunction, scalarAt, vectorAt } from "./promql-function.ts";

const DEGREES_PER_RADIAN = 180 / Math.PI;

const ELEMENTWISE: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  sgn: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  deg: (value) => value * DEGREES_PER_RADIAN,
  rad: (value) => value / DEGREES_PER_RADIAN,
};

/** Go's `math.Max`: an infinity counts more than NaN. */
function greater(left: number, right: number): number {
  return left === Number.POSITIVE_INFINITY || right === Number.POSITIVE_INFINITY
    ? Number.POSITIVE_INFINITY
    : Math.max(left, right);
}

/** Go's `math.Min`: an infinity counts more than NaN. */
function smaller(left: number, right: number): number {
  return left === Number.NEGATIVE_INFINITY || right === Number.NEGATIVE_INFINITY
    ? Number.NEGATIVE_INFINITY
    : Math.min(left, right);
}

const round = elementwise(
  "round",
  (value, args) => {
    // Multiplies by the inverse, as Prometheus does, so that 0.1 gives the expected results.
    const inverse = 1 / scalarAt(args, 1, 1);
    return Math.floor(value * inverse + 0.5) / inverse;
  },
  ["scalar"],
  1,
);

const clamp: PromqlFunction = {
  name: "clamp",
  args: ["vector", "scalar", "scalar"],
  optional: 0,
  returns: "vector",
  evaluate(args) {
    const [lowest, highest] = [scalarAt(args, 1), scalarAt(args, 2)];
    if (highest < lowest) return EMPTY_VECTOR;
    return mapSamples(vectorAt(args, 0), (sample) => ({
      ...sample,
      value: greater(lowest, smaller(highest, sample.value)),
      dropName: true,
    }));
  },
};

const clampMax = elementwise("clamp_max", (value, args) => smaller(scalarAt(args, 1), value), ["scalar"]);
const clampMin = elementwise("clamp_min", (value, args) => greater(scalarAt(args, 1), value), ["scalar"]);

/** The functions that change each element separately. */
export const MATH: readonly PromqlFunction[] = [
  ...Object.entries(ELEMENTWISE).map(([name, compute]) => elementwise(name, compute)),
  round,
  clamp,
  clampMax,
  clampMin,
];
