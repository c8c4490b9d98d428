import { formatDuration, whyImpossible } from "../../core/index.ts";
import type { Sample } from "../sample-store.ts";
import { type Bucket, histogramProblem } from "./histogram-problem.ts";
import { isCounter, quantityOf } from "./metric-quantities.ts";

const START_TIME = "process_start_time_seconds";
const BUCKET = /_bucket$/;
const BOUND: ReadonlySet<string> = new Set(["le"]);
/** A sample that is older than this was not taken for the scrape that returned it. */
const OLDEST_SAMPLE_MS = 60_000;
const LONGEST_QUOTE = 120;
/** How much the clocks of a target and of the runner may differ. */
const CLOCK_DIFFERENCE_MS = 5_000;

/**
 * Checks every metrics page of a target for impossible values of the metrics that are used for a verdict:
 * numbers out of range, duplicate series, counters that decrease, inconsistent histograms, old samples, clocks
 * that differ, another process. If it finds any, results computed from these metrics are no evidence.
 */
export class PageAudit {
  readonly #judged: ReadonlySet<string>;
  readonly #found = new Map<string, { readonly line: string; lastMs: number }>();
  #atMs = 0;
  #counters = new Map<string, number>();
  #datedMs = new Map<string, number>();
  #present: ReadonlySet<string> = new Set();
  #startTime: number | null = null;
  #pages = 0;
  #restarted: string | null = null;

  /** @param judged the names of the series that are used for a verdict: `http_requests_total`. */
  constructor(judged: Iterable<string>) {
    this.#judged = new Set([...judged, START_TIME]);
  }

  /** Checks one page; `atMs` is the time of the scrape on the epoch clock. */
  look(samples: readonly Sample[], atMs: number): void {
    this.#atMs = atMs;
    const judged = samples.filter(({ labels }) => this.#judged.has(labels.metricName));
    const restarted = this.#lookAtStart(judged);
    const seen = new Set<string>();
    const counters = new Map<string, number>();
    const datedMs = new Map<string, number>();
    for (const sample of judged) {
      const { labels, value, timestampMs, type = "" } = sample;
      const metric = labels.metricName;
      this.#lookAtSample(sample, atMs);
      if (seen.has(labels.key))
        this.#note(metric, "twice", `${cut(String(labels))} occurs twice on one page`);
      seen.add(labels.key);
      if (timestampMs !== undefined) {
        const beforeMs = this.#datedMs.get(labels.key) ?? timestampMs;
        if (timestampMs < beforeMs)
          this.#note(metric, "earlier", "has an older timestamp than a previous sample");
        datedMs.set(labels.key, timestampMs);
      }
      if (!isCounter(metric, type)) continue;
      const before = this.#counters.get(labels.key);
      if (!restarted && before !== undefined && value < before) {
        this.#note(metric, "back", `decreased from ${before} to ${value} in the same process`);
      }
      counters.set(labels.key, value);
    }
    this.#lookAtHistograms(judged);
    this.#pages += 1;
    this.#counters = counters;
    this.#datedMs = datedMs;
    this.#present = new Set(judged.map(({ labels }) => labels.metricName));
  }

  /** The problems of the pages since a time, one line each. */
  problems(sinceMs = Number.NEGATIVE_INFINITY): readonly string[] {
    return [...this.#found.values()].filter(({ lastMs }) => lastMs >= sinceMs).map(({ line }) => line);
  }

  /** How many pages were checked. */
  get pages(): number {
    return this.#pages;
  }

  /** How the process was replaced by another one in the meantime; null when it was not. */
  get restarted(): string | null {
    return this.#restarted;
  }

  /** The judged metrics without a series on the latest page. */
  missing(): readonly string[] {
    return [...this.#judged].filter((metric) => !this.#present.has(metric));
  }

  #note(metric: string, kind: string, what: string): void {
    const key = `${kind} ${metric}`;
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { line: `${metric}: ${what}`, lastMs: this.#atMs });
    else known.lastMs = this.#atMs;
  }

  #lookAtSample({ labels, value, timestampMs, type = "" }: Sample, atMs: number): void {
    const metric = labels.metricName;
    const impossible = whyImpossible(quantityOf(metric, type), value);
    if (impossible !== null) this.#note(metric, "range", impossible);
    if (metric === START_TIME && value * 1_000 > atMs + CLOCK_DIFFERENCE_MS) {
      const ahead = formatDuration(value * 1_000 - atMs);
      this.#note(metric, "ahead", `lies ${ahead} in the future: the target's clock and this one differ`);
    }
    if (timestampMs === undefined) return;
    if (timestampMs > atMs + CLOCK_DIFFERENCE_MS) {
      const ahead = formatDuration(timestampMs - atMs);
      this.#note(metric, "ahead", `is dated ${ahead} ahead: the target's clock and this one differ`);
    }
    if (timestampMs < atMs - OLDEST_SAMPLE_MS) {
      this.#note(metric, "old", `is dated ${formatDuration(atMs - timestampMs)} ago: the page is stale`);
    }
  }

  /** Returns whether this page comes from another process than the one before. */
  #lookAtStart(judged: readonly Sample[]): boolean {
    const starts = judged.filter(({ labels }) => labels.metricName === START_TIME);
    const start = starts[0]?.value;
    if (start === undefined) return false;
    const isOther = (value: number) => !Object.is(value, start);
    if (starts.some(({ value }) => isOther(value))) {
      this.#note(START_TIME, "several", "one page has several: it is from several processes");
    }
    const before = this.#startTime;
    this.#startTime = start;
    if (before === null || !isOther(before)) return false;
    if (start < before) {
      this.#note(START_TIME, "several", "goes back: several processes answer at one address");
    }
    this.#restarted ??= `${START_TIME} went from ${before} to ${start}`;
    return true;
  }

  #lookAtHistograms(judged: readonly Sample[]): void {
    const histograms = new Map<string, { readonly metric: string; readonly buckets: Bucket[] }>();
    for (const { labels, value, type = "" } of judged) {
      if (!BUCKET.test(labels.metricName) || (type !== "histogram" && type !== "")) continue;
      const { key } = labels.without(BOUND);
      const histogram = histograms.get(key) ?? { metric: labels.metricName, buckets: [] };
      histogram.buckets.push({ bound: labels.get("le"), count: value });
      histograms.set(key, histogram);
    }
    for (const { metric, buckets } of histograms.values()) {
      const problem = histogramProblem(buckets);
      if (problem !== null) this.#note(metric, "histogram", problem);
    }
  }
}

function cut(text: string): string {
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`;
}
