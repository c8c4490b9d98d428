/** A regression that is planted in a candidate. */
export interface PlantedRegression {
  readonly title: string;
  /** Names of platform/defects.ts, joined by commas; empty: the candidate is as good as the stable. */
  readonly defects: string;
  /** How many seconds the last stage lasts: what is hard to see needs more requests. */
  readonly lastStageSeconds: number;
}

const USUAL_SECONDS = 10;
const LONG_SECONDS = 60;

const planted = (title: string, defects: string, lastStageSeconds = USUAL_SECONDS): PlantedRegression => ({
  ...{ title, defects, lastStageSeconds },
});

/** The regressions whose detection is measured, and one candidate without any. */
export const PLANTED_REGRESSIONS: readonly PlantedRegression[] = [
  planted("none (two equal arms)", ""),
  planted("each answer 20 % slower", "slower-by-a-fifth", LONG_SECONDS),
  planted("each answer 50 % slower", "slower-by-half", LONG_SECONDS),
  planted("7 ms of CPU more for each request", "costly-request"),
  planted("errors 0.5 %", "one-error-in-200", LONG_SECONDS),
  planted("errors 2 %", "one-error-in-50", LONG_SECONDS),
  planted("errors on one route only", "errors-on-one-route"),
  planted("memory leak", "slow-leak", LONG_SECONDS),
  planted("connection leak", "held-connections", LONG_SECONDS),
  planted("connection leak of failed transactions, of which there are none", "pool-leak"),
  planted("stale feed", "frozen-feed"),
  planted("event loop blocked by orders", "blocking-work"),
  planted("synchronous wait for a disk", "synchronous-wait"),
  planted("full garbage collections", "forced-gc"),
  planted("idempotency race", "idempotency-race"),
  planted("money in floating point", "float-money"),
  planted("money not rounded to the last digit", "unrounded-cost"),
  planted("money wrong by the last decimal", "tick-too-much"),
  planted("Content-Security-Policy missing", "lost-policy"),
  planted("cold start", "cold-start"),
  planted("crash loop", "crash-loop"),
  planted("every second request not counted", "half-counted"),
];
