import type { Labels } from "../labels.ts";
import type { SampleSink } from "../sample-store.ts";
import type { AppendOutcome } from "../series.ts";

/**
 * The gauges whose value is an age in seconds. Under time compression one second of the lab stands for
 * `timeScale` seconds of production: a feed that was silent for 3 s in the lab counts as silent for 3 min at
 * scale 60, so the threshold of 120 s must be compared with 180, not 3.
 */
export const AGE_METRICS: readonly string[] = [
  "feed_staleness_seconds",
  "outbox_oldest_age_seconds",
  "pgbouncer_pools_client_maxwait_seconds",
];

/**
 * Passes every sample on, with ages multiplied by the time scale. The store behind it
 * serves only the triggers.
 */
export class AgeScalingSink implements SampleSink {
  readonly #target: SampleSink;
  readonly #timeScale: number;
  readonly #ages: ReadonlySet<string>;

  constructor(target: SampleSink, timeScale: number, ageMetrics: readonly string[] = AGE_METRICS) {
    this.#target = target;
    this.#timeScale = timeScale;
    this.#ages = new Set(ageMetrics);
  }

  append(labels: Labels, atMs: number, value: number): AppendOutcome {
    const scaled = this.#ages.has(labels.metricName) ? value * this.#timeScale : value;
    return this.#target.append(labels, atMs, scaled);
  }

  appendStale(labels: Labels, atMs: number): AppendOutcome {
    return this.#target.appendStale(labels, atMs);
  }
}
