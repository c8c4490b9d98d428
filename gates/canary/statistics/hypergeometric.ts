import { logChoose, logFactorial } from "./log-factorial.ts";

/** A draw without replacement: of `population` things, `marked` are marked, and `drawn` are drawn. */
export interface Draw {
  readonly population: number;
  readonly marked: number;
  readonly drawn: number;
}

/** Terms smaller than the largest one by this factor do not change a sum of doubles. */
const NEGLIGIBLE = 1e-18;

/** Returns the logarithm of the probability that so many of the drawn things are marked. */
export function logHypergeometric(draw: Draw, among: number): number {
  return logWays(draw) + logTerm(draw, among);
}

/** What the probabilities of all numbers have in common. */
function logWays({ population, marked, drawn }: Draw): number {
  return logFactorial(marked) + logFactorial(population - marked) - logChoose(population, drawn);
}

function logTerm({ population, marked, drawn }: Draw, among: number): number {
  return -(
    logFactorial(among) +
    logFactorial(marked - among) +
    logFactorial(drawn - among) +
    logFactorial(population - marked - drawn + among)
  );
}

/**
 * Returns, for each log odds ratio g, the logarithm of the mean of exp(g·J), where J is the number of marked things
 * among the drawn ones. It is what makes a likelihood of an odds ratio exact (Fisher's noncentral hypergeometric).
 */
export function logTiltedMeans(draw: Draw, logOdds: readonly number[]): readonly number[] {
  const first = Math.max(0, draw.drawn - (draw.population - draw.marked));
  const last = Math.min(draw.marked, draw.drawn);
  if (first === last) return logOdds.map((g) => g * first);
  const ways = logWays(draw);
  return logOdds.map((g) => ways + logTiltedSum(draw, g, first, last));
}

function logTiltedSum(draw: Draw, g: number, first: number, last: number): number {
  const odds = Math.exp(g);
  const mode = Math.min(last, Math.max(first, modeOf(draw, odds)));
  const { population, marked, drawn } = draw;
  const rest = population - marked - drawn;
  let sum = 1;
  for (let term = 1, j = mode; j < last; j++) {
    term *= (odds * (marked - j) * (drawn - j)) / ((j + 1) * (rest + j + 1));
    sum += term;
    if (term < NEGLIGIBLE) break;
  }
  for (let term = 1, j = mode; j > first; j--) {
    term *= (j * (rest + j)) / (odds * (marked - j + 1) * (drawn - j + 1));
    sum += term;
    if (term < NEGLIGIBLE) break;
  }
  return logTerm(draw, mode) + g * mode + Math.log(sum);
}

/** The most probable number under an odds ratio: the root of the quadratic at which two neighbors are equal. */
function modeOf({ population, marked, drawn }: Draw, odds: number): number {
  const a = odds - 1;
  const b = population - marked - drawn + odds * (marked + drawn + 2);
  const c = odds * (marked + 1) * (drawn + 1);
  // a·x² − (b)·x + c = 0, written so that it holds for odds of 1 as well.
  const discriminant = Math.max(0, b * b - 4 * a * c);
  return Math.floor((2 * c) / (b + Math.sqrt(discriminant)));
}
