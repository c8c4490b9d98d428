/**
 * A seeded source of randomness. Everything random in a run comes from one seed, so that the run repeats.
 * Not for secrets.
 */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** A sample of the exponential distribution with the given mean, in the mean's unit. */
  exponential(mean: number): number;
  /** One of the choices. */
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** An independent source that depends only on this source's seed and the label, not on earlier draws. */
  fork(label: string): Random;
}

/** A 32-bit hash of a text (FNV-1a with a final avalanche), the same on every machine. */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return avalanche(hash);
}

/** Makes a source from a seed. Equal seeds give equal sequences on every machine (the mulberry32 generator). */
export function seededRandom(seed: number): Random {
  let state = avalanche(seed | 0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    exponential: (mean) => -Math.log(1 - next()) * mean,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    fork: (label) => seededRandom(hashText(label, seed)),
  };
}

function avalanche(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
