/** How often an experiment failed in the same way when it was repeated. */
export interface Rate {
  readonly hits: number;
  readonly runs: number;
}

/** The normal quantile of a 95 % interval. */
const Z = 1.96;

/** Wilson's interval of the share, which is right for few runs too. */
function intervalOf({ hits, runs }: Rate): readonly [number, number] {
  if (runs === 0) return [0, 1];
  const share = hits / runs;
  const scale = 1 + Z ** 2 / runs;
  const center = share + Z ** 2 / (2 * runs);
  const width = Z * Math.sqrt((share * (1 - share)) / runs + Z ** 2 / (4 * runs ** 2));
  return [Math.max(0, (center - width) / scale), Math.min(1, (center + width) / scale)];
}

/** `4 of 5 runs (38 to 96 %)`. */
export function describeRate(rate: Rate): string {
  const [low, high] = intervalOf(rate).map((share) => Math.round(100 * share));
  return `${rate.hits} of ${rate.runs} runs (${low} to ${high} %)`;
}

/** A smaller experiment may fail half as often as the one that it replaces, since few runs show no finer difference. */
const COMPARABLE = 0.5;
const MOST_RUNS = 6;

/** How often a smaller experiment is run at most, until it has failed often enough to take its place. */
interface Acceptance {
  readonly runs: number;
  readonly hits: number;
}

/** A failure that happens each time needs one hit of two runs; a rare one is given more runs, not less rate. */
export function acceptanceFor({ hits, runs }: Rate): Acceptance {
  const needed = COMPARABLE * (runs === 0 ? 1 : hits / runs);
  const tries = Math.min(MOST_RUNS, Math.max(2, Math.ceil(1 / Math.max(needed, 1 / MOST_RUNS))));
  return { runs: tries, hits: Math.max(1, Math.ceil(needed * tries)) };
}
