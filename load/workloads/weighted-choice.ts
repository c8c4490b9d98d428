/** Picks the key whose share of the weights holds `draw`, which is in [0, 1). Weights need not add up to one. */
export function weightedChoice<K extends string>(weights: Readonly<Record<K, number>>, draw: number): K {
  const entries = Object.entries(weights) as [K, number][];
  const sum = entries.reduce((total, [, weight]) => total + weight, 0);
  let rest = draw * sum;
  for (const [key, weight] of entries) {
    if (rest < weight) return key;
    rest -= weight;
  }
  // Reached only by rounding, when the random value is at the upper end, or when all weights are zero, which
  // the plan rejects.
  return (entries.findLast(([, weight]) => weight > 0) ?? entries[0] ?? unreachable())[0];
}

function unreachable(): never {
  throw new RangeError("Expected at least one weighted choice, got none.");
}
