import type { GoldenSignal } from "./golden-signals.ts";

/** The window that the queries of the golden signals have as written. */
const WRITTEN_WINDOW = "[1m]";

/** The query of a golden signal over another window: `5m`. */
export function queryOver({ query }: GoldenSignal, window: string): string {
  return query.replaceAll(WRITTEN_WINDOW, `[${window}]`);
}

/** The limit of a golden signal, in words. */
export function describeLimit({ limit }: Pick<GoldenSignal, "limit">): string {
  switch (limit.kind) {
    case "at-most":
      return `at most ${limit.value}`;
    case "below":
      return `below ${limit.value}`;
    case "at-most-times-baseline":
      return `at most ${limit.factor} times the baseline`;
  }
}

/**
 * Whether a value keeps a golden signal's limit; null where the limit depends on a baseline that is not known. A
 * baseline of 0 allows 0 only.
 */
export function keepsLimit(
  { limit }: Pick<GoldenSignal, "limit">,
  value: number,
  baseline: number | null,
): boolean | null {
  switch (limit.kind) {
    case "at-most":
      return value <= limit.value;
    case "below":
      return value < limit.value;
    case "at-most-times-baseline":
      return baseline === null ? null : value <= limit.factor * baseline;
  }
}
