/** Returns a value of a golden signal with its unit, for people: `1.5 %`, `41 ms`, `0.2 a minute`. */
export function canaryValue(unit: string, value: number): string {
  if (unit === "") return `${rounded(100 * value)} %`;
  if (unit === "s" && Math.abs(value) < 1) return `${rounded(1_000 * value)} ms`;
  return `${rounded(value)} ${unit}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
