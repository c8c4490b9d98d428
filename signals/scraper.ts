import type { Clock } from "../core/index.ts";
import type { SampleSink } from "./sample-store.ts";
import { ScrapedSource, type SourceHealth } from "./scraped-source.ts";
import type { Source } from "./sources/source.ts";

/** How the scraper works. */
export interface ScraperOptions {
  readonly sources: readonly Source[];
  /** Every sample is added to each of these. */
  readonly sinks: readonly SampleSink[];
  readonly clock: Clock;
  /** From the planned start of one collection to the next; 250 ms by default. */
  readonly intervalMs?: number;
  /** A collection that takes longer counts as failed; 1000 ms by default. */
  readonly deadlineMs?: number;
}

const DEFAULT_INTERVAL_MS = 250;
const DEFAULT_DEADLINE_MS = 1_000;

/**
 * Collects all sources at a fixed interval, counted from its own start: a slow source is skipped, never piled up, and
 * delays no other. Each collection adds `up` (1 or 0) and `scrape_duration_seconds`; a series that a target no longer
 * shows, and every series of a target that fails, ends with a stale marker, as in Prometheus.
 */
export class Scraper implements AsyncDisposable {
  readonly #options: Required<ScraperOptions>;
  readonly #states: readonly ScrapedSource[];
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(options: ScraperOptions) {
    this.#options = { intervalMs: DEFAULT_INTERVAL_MS, deadlineMs: DEFAULT_DEADLINE_MS, ...options };
    this.#states = options.sources.map((source) => new ScrapedSource(source));
  }

  /** Starts collecting immediately. */
  start(): this {
    this.#loop ??= this.#run();
    return this;
  }

  /** Collects every source once, now, and waits for all of them. */
  async collectOnce(): Promise<void> {
    await Promise.all(this.#states.map((state) => state.collect(this.#options, this.#stopping.signal)));
  }

  /** The record of each source so far. */
  health(): readonly SourceHealth[] {
    return this.#states.map((state) => state.health());
  }

  /** Stops, waits for the collections in flight, and closes the sources. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("The scraper was stopped."));
    await this.#loop;
    await Promise.all(this.#states.map((state) => state.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    const { clock, intervalMs } = this.#options;
    const { signal } = this.#stopping;
    const beganMs = clock.monotonicMs();
    for (let tick = 0; !signal.aborted; ) {
      for (const state of this.#states) void state.collect(this.#options, signal);
      const elapsedMs = clock.monotonicMs() - beganMs;
      tick = Math.max(tick + 1, Math.ceil(elapsedMs / intervalMs));
      await clock
        .sleep(Math.max(0, beganMs + tick * intervalMs - clock.monotonicMs()), signal)
        .catch(ignoreAbort(signal));
    }
    await Promise.all(this.#states.map((state) => state.settled()));
  }
}

function ignoreAbort(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
