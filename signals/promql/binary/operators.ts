/** The arithmetic of one binary operator on two numbers. */
type Arithmetic = (left: number, right: number) => number;
type Comparison = (left: number, right: number) => boolean;

/** The arithmetic operators. They drop the metric name. */
export const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": power,
  atan2: Math.atan2,
};

/** The comparison operators, which filter, or with `bool` return 0 or 1. */
export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">": (left, right) => left > right,
  "<": (left, right) => left < right,
  ">=": (left, right) => left >= right,
  "<=": (left, right) => left <= right,
};

/** The set operators. */
export const SET_OPERATORS: ReadonlySet<string> = new Set(["and", "or", "unless"]);

/** Go's `math.Pow` differs from JavaScript's: 1 to any power, and -1 to an infinite one, is 1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}
