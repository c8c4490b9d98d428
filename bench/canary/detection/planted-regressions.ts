/** A regression that is planted in a candidate. */
export interface PlantedRegression {
  readonly title: string;
  /** Names of platform/defects.ts, joined by commas; empty: the candidate is as good as the stable. */
  readonly defects: string;
}

/** The regressions whose detection is measured, and one candidate without any. */
export const PLANTED_REGRESSIONS: readonly PlantedRegression[] = [
  { title: "none (two equal arms)", defects: "" },
  { title: "each answer 20 % slower", defects: "slower-by-a-fifth" },
  { title: "each answer 50 % slower", defects: "slower-by-half" },
  { title: "7 ms of CPU more for each request", defects: "costly-request" },
  { title: "errors 0.5 %", defects: "one-error-in-200" },
  { title: "errors 2 %", defects: "one-error-in-50" },
  { title: "errors on one route only", defects: "errors-on-one-route" },
  { title: "memory leak", defects: "slow-leak" },
  { title: "connection leak of failed transactions", defects: "pool-leak" },
  { title: "stale feed", defects: "frozen-feed" },
  { title: "event loop blocked by orders", defects: "blocking-work" },
  { title: "synchronous wait for a disk", defects: "synchronous-wait" },
  { title: "full garbage collections", defects: "forced-gc" },
  { title: "idempotency race", defects: "idempotency-race" },
  { title: "money in floating point", defects: "float-money" },
  { title: "money not rounded to the last digit", defects: "unrounded-cost" },
  { title: "money wrong by the last decimal", defects: "tick-too-much" },
  { title: "Content-Security-Policy missing", defects: "lost-policy" },
  { title: "cold start", defects: "cold-start" },
  { title: "crash loop", defects: "crash-loop" },
  { title: "every second request not counted", defects: "half-counted" },
];
