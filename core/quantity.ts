/** What a judged number measures: its unit, and its possible range. */
export interface Quantity {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

const DAY_SECONDS = 86_400;

/**
 * All quantities, each with its possible range. Every judged number names its quantity, so that an impossible number,
 * such as a negative age, is never taken for a good one.
 */
export const QUANTITIES = {
  ratio: { unit: "", min: 0, max: 1 },
  count: { unit: "", min: 0, max: Number.MAX_SAFE_INTEGER },
  "per-minute": { unit: "a minute", min: 0, max: Number.MAX_SAFE_INTEGER },
  /** Ages and durations, up to ten years. */
  seconds: { unit: "s", min: 0, max: 3_650 * DAY_SECONDS },
  milliseconds: { unit: "ms", min: 0, max: 1_000 * DAY_SECONDS },
  /** CPU time per time: 1 is one core. */
  cores: { unit: "cores", min: 0, max: 1_024 },
  /** A time on the epoch clock, from the year 2000 to 2100. */
  "epoch-seconds": { unit: "s since 1970", min: 946_684_800, max: 4_102_444_800 },
  /** Any other number that cannot be negative. */
  amount: { unit: "", min: 0, max: Number.MAX_VALUE },
  /** A difference. */
  change: { unit: "", min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
} as const satisfies Readonly<Record<string, Quantity>>;

export type QuantityName = keyof typeof QUANTITIES;
export const QUANTITY_NAMES = Object.keys(QUANTITIES) as [QuantityName, ...QuantityName[]];

/** Sums of rates have rounding errors: a ratio of 1.0000000000000002 is 1. */
const ROUNDING = 1e-9;

/** Returns why a number is impossible for its quantity; null when it is possible. */
export function whyImpossible(name: QuantityName, value: number): string | null {
  const { unit, min, max }: Quantity = QUANTITIES[name];
  if (value >= min - ROUNDING && value <= max + ROUNDING) return null;
  const range = max === Number.MAX_VALUE ? (min === 0 ? "0 or more" : "a finite number") : `${min} to ${max}`;
  return `expected ${`${range} ${unit}`.trim()}, got ${value}`;
}
