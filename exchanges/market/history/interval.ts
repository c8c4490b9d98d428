const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** The epoch began on a Thursday; weeks begin on Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** A candle's length and the times at which candles begin. */
export interface Interval {
  /** As the venue names it: `1m`. */
  readonly name: string;
  /** The start of the candle that contains `atMs`. */
  startOf(atMs: number): number;
  /** The start of the candle after the one that starts at `startMs`. */
  after(startMs: number): number;
  /** Whether it is shorter than a minute and must be built from seconds. */
  readonly isSubMinute: boolean;
}

const FIXED_MS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    "1s": 1_000,
    "1m": MINUTE_MS,
    "3m": 3 * MINUTE_MS,
    "5m": 5 * MINUTE_MS,
    "15m": 15 * MINUTE_MS,
    "30m": 30 * MINUTE_MS,
    "1h": HOUR_MS,
    "2h": 2 * HOUR_MS,
    "4h": 4 * HOUR_MS,
    "6h": 6 * HOUR_MS,
    "8h": 8 * HOUR_MS,
    "12h": 12 * HOUR_MS,
    "1d": DAY_MS,
    "3d": 3 * DAY_MS,
  }),
);

/** All intervals of the venues, shortest first. */
export const INTERVAL_NAMES: readonly string[] = [...FIXED_MS.keys(), "1w", "1M"];

/**
 * The interval of a name. `offsetMs` is the time zone in which days, weeks and months begin: east is
 * positive.
 */
export function intervalOf(name: string, offsetMs = 0): Interval | undefined {
  if (name === "1M") return monthly(offsetMs);
  if (name === "1w") return fixed(name, WEEK_MS, offsetMs - FIRST_MONDAY_MS);
  const lengthMs = FIXED_MS.get(name);
  return lengthMs === undefined ? undefined : fixed(name, lengthMs, offsetMs);
}

function fixed(name: string, lengthMs: number, offsetMs: number): Interval {
  return {
    name,
    startOf: (atMs) => Math.floor((atMs + offsetMs) / lengthMs) * lengthMs - offsetMs,
    after: (startMs) => startMs + lengthMs,
    isSubMinute: lengthMs < MINUTE_MS,
  };
}

function monthly(offsetMs: number): Interval {
  const monthFrom = (atMs: number, months: number): number => {
    const local = new Date(atMs + offsetMs);
    return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, 1) - offsetMs;
  };
  return {
    name: "1M",
    startOf: (atMs) => monthFrom(atMs, 0),
    after: (startMs) => monthFrom(startMs, 1),
    isSubMinute: false,
  };
}
