import type { CanarySignalRecord } from "./canary-record.ts";

/** Returns a value of a golden signal with its unit, for people: `1.5 %`, `41 ms`, `0.2 a minute`. */
export function canaryValue(unit: string, value: number): string {
  if (unit === "") return `${rounded(100 * value)} %`;
  if (unit === "s" && Math.abs(value) < 1) return `${rounded(1_000 * value)} ms`;
  return `${rounded(value)} ${unit}`;
}

/** Returns how many times worse the candidate is, with the interval that holds at all looks together. */
export function canaryFactor(factor: CanarySignalRecord["factor"]): string {
  if (factor === null) return "none: nothing to compare";
  const { low, high, estimate } = factor;
  if (low === 0 && !Number.isFinite(high)) return "none: too little to compare";
  const end = Number.isFinite(high) ? high.toFixed(2) : "any";
  return `${estimate.toFixed(2)} times the stable's odds, ${low.toFixed(2)} to ${end} at all looks together`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
