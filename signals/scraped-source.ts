import type { Clock } from "../core/index.ts";
import { Labels, METRIC_NAME } from "./labels.ts";
import { RefusedSampleCounts } from "./refused-samples.ts";
import type { Sample, SampleSink } from "./sample-store.ts";
import type { RefusalReason } from "./series.ts";
import type { Source } from "./sources/source.ts";

/** The record of one source so far. */
export interface SourceHealth {
  readonly name: string;
  readonly collections: number;
  readonly failures: number;
  /** Collections that were skipped because the one before had not ended. */
  readonly skipped: number;
  readonly refusedSamples: number;
  /** What a sink refused and why, a line for each reason. */
  readonly refusals: readonly string[];
  readonly isUp: boolean | undefined;
  readonly lastFailure: { readonly atMs: number; readonly error: unknown } | undefined;
}

/** What a collection needs besides its source. */
interface CollectOptions {
  readonly sinks: readonly SampleSink[];
  readonly clock: Clock;
  readonly deadlineMs: number;
}

/** One source with its labels, its running collection and its record. */
export class ScrapedSource {
  readonly #source: Source;
  readonly #up: Labels;
  readonly #duration: Labels;
  readonly #withTarget = new WeakMap<Labels, Labels>();
  #present = new Set<Labels>();
  #running: Promise<void> | undefined;
  #isUp: boolean | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;
  readonly #refused = new RefusedSampleCounts();
  #counts = { collections: 0, failures: 0, skipped: 0 };
  #lastFailure: SourceHealth["lastFailure"];

  constructor(source: Source) {
    this.#source = source;
    this.#up = Labels.of({ ...source.target, [METRIC_NAME]: "up" });
    this.#duration = Labels.of({ ...source.target, [METRIC_NAME]: "scrape_duration_seconds" });
  }

  collect(options: CollectOptions, stopping: AbortSignal): Promise<void> {
    if (this.#running !== undefined) {
      this.#counts.skipped++;
      return this.#running;
    }
    this.#running = this.#collect(options, stopping).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#source.close?.();
  }

  health(): SourceHealth {
    return {
      name: this.#source.name,
      ...this.#counts,
      refusedSamples: this.#refused.total,
      refusals: this.#refused.lines(),
      isUp: this.#isUp,
      lastFailure: this.#lastFailure,
    };
  }

  async #collect({ clock, sinks, deadlineMs }: CollectOptions, stopping: AbortSignal): Promise<void> {
    // Two collections within a millisecond must not look like one series that comes twice.
    const atMs = Math.max(clock.nowMs(), this.#lastMs + 1);
    this.#lastMs = atMs;
    const beganMs = clock.monotonicMs();
    const deadline = AbortSignal.any([stopping, AbortSignal.timeout(deadlineMs)]);
    let samples: Sample[] = [];
    let isUp = true;
    try {
      samples = await withDeadline(this.#source.collect(deadline), deadline);
    } catch (error) {
      // A collection that our own stop cut short says nothing about the target.
      if (stopping.aborted) return;
      isUp = false;
      this.#counts.failures++;
      this.#lastFailure = { atMs, error };
    }
    this.#counts.collections++;
    this.#isUp = isUp;
    this.#write(samples, atMs, sinks);
    for (const sink of sinks) {
      sink.append(this.#up, atMs, isUp ? 1 : 0);
      sink.append(this.#duration, atMs, (clock.monotonicMs() - beganMs) / 1_000);
    }
  }

  #write(samples: readonly Sample[], atMs: number, sinks: readonly SampleSink[]): void {
    const present = new Set<Labels>();
    for (const sample of samples) {
      const { value, timestampMs } = sample;
      const complete = this.#complete(sample.labels);
      // As in Prometheus, a series with its own timestamps gets no stale markers.
      if (timestampMs === undefined) present.add(complete);
      // A sample that several stores refuse is one.
      let refusal: RefusalReason | null = null;
      for (const sink of sinks) {
        const outcome = sink.append(complete, timestampMs ?? atMs, value);
        if (outcome !== "stored") refusal = outcome;
      }
      if (refusal !== null) this.#refused.note(refusal, sample, atMs);
    }
    for (const labels of this.#present) {
      if (!present.has(labels)) for (const sink of sinks) sink.appendStale(labels, atMs);
    }
    this.#present = present;
  }

  /**
   * The target's own `job` and `instance` take precedence over exposed ones, which are kept as `exported_…`.
   */
  #complete(labels: Labels): Labels {
    let complete = this.#withTarget.get(labels);
    if (complete === undefined) {
      const record = labels.toRecord();
      for (const [name, value] of Object.entries(this.#source.target)) {
        if (record[name] !== undefined) record[`exported_${name}`] = record[name];
        record[name] = value;
      }
      complete = Labels.of(record);
      this.#withTarget.set(labels, complete);
    }
    return complete;
  }
}

/** A source that ignores its signal must not delay the scraper. */
function withDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
