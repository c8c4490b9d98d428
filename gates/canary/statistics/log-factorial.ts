/** Up to here factorials are summed once and remembered; beyond, Stirling's series is exact to a double's digits. */
const REMEMBERED = 256;
const remembered: readonly number[] = (() => {
  const sums = [0];
  for (let n = 1; n < REMEMBERED; n++) sums.push((sums[n - 1] ?? 0) + Math.log(n));
  return sums;
})();

/** Returns the natural logarithm of n!, for a whole n from 0. */
export function logFactorial(n: number): number {
  const known = remembered[n];
  if (known !== undefined) return known;
  const inverse = 1 / n;
  const correction = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1_260;
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + correction;
}

/** Returns the natural logarithm of the number of ways to choose k of n; minus infinity where there is none. */
export function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
