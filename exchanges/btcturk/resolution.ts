import { type Interval, intervalOf } from "../market/history/interval.ts";

/**
 * The intervals of the venue's resolutions: minutes, and longer ones in the spellings of TradingView, the
 * documentation and ccxt.
 */
const INTERVALS: Readonly<Record<string, string>> = {
  "1": "1m",
  "3": "3m",
  "5": "5m",
  "15": "15m",
  "30": "30m",
  "60": "1h",
  "120": "2h",
  "240": "4h",
  "360": "6h",
  "720": "12h",
  d: "1d",
  "1d": "1d",
  "1440": "1d",
  w: "1w",
  "1w": "1w",
  m: "1M",
  "1m": "1M",
};

/** The interval of a resolution: `60`, `1D`, `1 d`. */
export function intervalOfResolution(resolution: string): Interval | undefined {
  const name = resolution.replace(/\s/g, "").toLowerCase();
  if (name === "1y" || name === "y") return YEARLY;
  const interval = INTERVALS[name];
  return interval === undefined ? undefined : intervalOf(interval);
}

const YEARLY: Interval = {
  name: "1y",
  startOf: (atMs) => Date.UTC(new Date(atMs).getUTCFullYear(), 0, 1),
  after: (startMs) => Date.UTC(new Date(startMs).getUTCFullYear() + 1, 0, 1),
  isSubMinute: false,
};
