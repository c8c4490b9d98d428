import type { GoldenSignal } from "../../signals/index.ts";

/** One golden signal as it was read, and whether it keeps its limit. */
export interface SignalReading {
  readonly signal: GoldenSignal;
  /** As it was asked. */
  readonly query: string;
  /** Null: it could not be had. */
  readonly value: number | null;
  readonly standing: "within" | "over" | "unknown";
  /** Why it is not within its limit; the empty text where it is. */
  readonly why: string;
}

/** The golden signals at one time. */
export interface GoldenReading {
  /** Where they were read, without credentials. */
  readonly source: string;
  /** Over which time: `5m`. */
  readonly window: string;
  readonly atMs: number;
  /** Requests in the window; null where they could not be counted. */
  readonly requests: number | null;
  readonly signals: readonly SignalReading[];
  /** The P95 of the feeds' staleness over the window, in seconds. */
  readonly stalenessSecondsP95: number | null;
  /** CSP violations per minute before the release; null where they are not known. */
  readonly cspBaselinePerMinute: number | null;
  /** What the source warned of, one line each. */
  readonly warnings: readonly string[];
}
