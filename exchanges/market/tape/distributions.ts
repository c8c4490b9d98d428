import type { Random } from "../../../core/index.ts";

/** A sample of the normal distribution with mean 0 and standard deviation 1. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/**
 * A sample of a lognormal distribution: `median` is its median, `spread` the standard deviation of its
 * logarithm.
 */
export function lognormal(random: Random, median: number, spread: number): number {
  return median * Math.exp(spread * normal(random));
}

/** A sample of the Poisson distribution with this mean. */
export function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let sum = random.exponential(1); sum < mean; sum += random.exponential(1)) count++;
  return count;
}
