import type { Clock } from "../core/index.ts";
import { type Labels, METRIC_NAME } from "./labels.ts";
import { type Matcher, matchesAll } from "./matcher.ts";
import { type AppendOutcome, type RefusalReason, Series } from "./series.ts";

/** One measured value. Without its own time it has the time of collection. */
export interface Sample {
  /** The labels with the metric name in `__name__`. */
  readonly labels: Labels;
  readonly value: number;
  readonly timestampMs?: number;
  /** What its page says of the metric: `counter`. Without a statement there is none. */
  readonly type?: string;
}

/** A receiver of samples: a store, or a step before one. */
export interface SampleSink {
  append(labels: Labels, atMs: number, value: number): AppendOutcome;
  appendStale(labels: Labels, atMs: number): AppendOutcome;
}

/** A source of samples for PromQL. */
export interface SeriesSource {
  /** Changes whenever a series is added or removed, so that selections can be cached. */
  readonly seriesVersion: number;
  select(matchers: readonly Matcher[]): readonly Series[];
}

/**
 * What a store holds at most. A sample costs 16 bytes, and a series that fills up doubles its room:
 * 600 series at 4 samples a second for an hour need 138 MB, at most twice that with the free room. A counter that is
 * asked for its increase also remembers where it was reset: 8 bytes for each reset that is still kept.
 */
export interface StoreLimits {
  /** Samples that are older than the newest one by more than this are dropped. */
  readonly retentionMs: number;
  /** Samples of further series are refused and counted. */
  readonly maxSeries: number;
}

/** An hour of ten thousand series: enough for any run. */
const DEFAULT_STORE_LIMITS: StoreLimits = { retentionMs: 3_600_000, maxSeries: 10_000 };

const TRIMS_PER_RETENTION = 20;
/** How far a sample's own time may be ahead of the clock: the same limit as in Prometheus. */
export const MAX_AHEAD_MS = 600_000;

/**
 * Samples in memory, by series. `maxSeries` and `retentionMs` bound its memory; `refused` counts what it
 * refused, by reason. A sample whose time is far ahead of the clock, or so old that it would be forgotten at once, is
 * refused: one from the far future would make the store forget everything else.
 */
export class SampleStore implements SampleSink, SeriesSource {
  readonly limits: StoreLimits;
  readonly refused: Record<RefusalReason, number> = {
    "out-of-order": 0,
    duplicate: 0,
    "series-limit": 0,
    "ahead-of-clock": 0,
    "too-old": 0,
  };
  seriesVersion = 0;
  readonly #byKey = new Map<string, Series>();
  readonly #byMetricName = new Map<string, Series[]>();
  #newestMs = Number.NEGATIVE_INFINITY;
  #trimmedMs = Number.NEGATIVE_INFINITY;

  readonly #clock: Pick<Clock, "nowMs"> | null;

  /** @param clock for the check of the samples' times; null for samples with made-up times. */
  constructor(clock: Pick<Clock, "nowMs"> | null, limits: Partial<StoreLimits> = {}) {
    this.#clock = clock;
    this.limits = { ...DEFAULT_STORE_LIMITS, ...limits };
  }

  /** Stores one sample, or returns why not. */
  append(labels: Labels, atMs: number, value: number): AppendOutcome {
    const bound = this.#beyondClock(atMs);
    if (bound !== null) return this.#note(bound, atMs);
    const series = this.#seriesOf(labels);
    return this.#note(series === undefined ? "series-limit" : series.append(atMs, value), atMs);
  }

  /** Marks a series as ended at `atMs`. A series that never had a sample is not created for it. */
  appendStale(labels: Labels, atMs: number): AppendOutcome {
    const series = this.#byKey.get(labels.key);
    if (series === undefined || (series.end > series.start && series.isStale(series.end - 1)))
      return "stored";
    return this.#note(this.#beyondClock(atMs) ?? series.appendStale(atMs), atMs);
  }

  /** The series that fulfill every matcher, in the order in which they first appeared. */
  select(matchers: readonly Matcher[]): readonly Series[] {
    const byName = matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.operator === "=");
    const candidates =
      byName === undefined ? this.#byKey.values() : (this.#byMetricName.get(byName.value) ?? []);
    return [...candidates].filter((series) => matchesAll(matchers, series.labels));
  }

  get seriesCount(): number {
    return this.#byKey.size;
  }

  get sampleCount(): number {
    let count = 0;
    for (const series of this.#byKey.values()) count += series.sampleCount;
    return count;
  }

  /** The time of the newest sample, or undefined while there is none. */
  get newestMs(): number | undefined {
    return Number.isFinite(this.#newestMs) ? this.#newestMs : undefined;
  }

  #beyondClock(atMs: number): RefusalReason | null {
    if (this.#clock === null) return null;
    const nowMs = this.#clock.nowMs();
    if (atMs > nowMs + MAX_AHEAD_MS) return "ahead-of-clock";
    return atMs < nowMs - this.limits.retentionMs ? "too-old" : null;
  }

  #seriesOf(labels: Labels): Series | undefined {
    let series = this.#byKey.get(labels.key);
    if (series === undefined) {
      if (this.#byKey.size >= this.limits.maxSeries) return undefined;
      series = new Series(labels);
      this.#byKey.set(labels.key, series);
      const sameName = this.#byMetricName.get(labels.metricName);
      if (sameName === undefined) this.#byMetricName.set(labels.metricName, [series]);
      else sameName.push(series);
      this.seriesVersion++;
    }
    return series;
  }

  #note(outcome: AppendOutcome, atMs: number): AppendOutcome {
    if (outcome !== "stored") {
      this.refused[outcome]++;
      return outcome;
    }
    if (atMs > this.#newestMs) this.#newestMs = atMs;
    if (this.#newestMs - this.#trimmedMs > this.limits.retentionMs / TRIMS_PER_RETENTION) this.#trim();
    return outcome;
  }

  /** After its last sample was dropped, a series stays known until the next trim finds it empty. */
  #trim(): void {
    this.#trimmedMs = this.#newestMs;
    for (const [key, series] of this.#byKey) {
      series.dropBefore(this.#newestMs - this.limits.retentionMs);
      if (series.sampleCount > 0) continue;
      this.#byKey.delete(key);
      const sameName = this.#byMetricName.get(series.labels.metricName) ?? [];
      this.#byMetricName.set(
        series.labels.metricName,
        sameName.filter((other) => other !== series),
      );
      this.seriesVersion++;
    }
  }
}
