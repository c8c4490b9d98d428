import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";

/** The usual percentiles in milliseconds; null where nothing was recorded, since no data is not zero. */
export interface LatencySummary {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

const US_PER_MS = 1_000;

/**
 * Durations in an HDR histogram: microsecond resolution, three significant digits (so within 0.1 %), up to an
 * hour and beyond, mergeable, in constant memory.
 */
export class LatencyHistogram {
  readonly #histogram: Histogram;

  constructor(histogram: Histogram = emptyHistogram()) {
    this.#histogram = histogram;
  }

  /** Decodes the result of `encode`. */
  static decode(text: string): LatencyHistogram {
    const decoded = new LatencyHistogram();
    decoded.#histogram.add(decodeFromCompressedBase64(text));
    return decoded;
  }

  /**
   * Records one duration in milliseconds; a negative one, which only rounding of the clock can cause, counts
   * as 0.
   */
  record(durationMs: number): void {
    this.#histogram.recordValue(Math.max(0, Math.round(durationMs * US_PER_MS)));
  }

  /** Adds all durations of another histogram. */
  add(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram);
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /**
   * The smallest recorded duration that is at or above `percentile` percent of all, in ms; null without data.
   */
  percentileMs(percentile: number): number | null {
    return this.count === 0 ? null : this.#histogram.getValueAtPercentile(percentile) / US_PER_MS;
  }

  summary(): LatencySummary {
    return {
      p50: this.percentileMs(50),
      p90: this.percentileMs(90),
      p95: this.percentileMs(95),
      p99: this.percentileMs(99),
      p999: this.percentileMs(99.9),
      max: this.percentileMs(100),
    };
  }

  /** HdrHistogram's own compressed format in base64, which its tools read; values are microseconds. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  reset(): void {
    this.#histogram.reset();
  }
}

function emptyHistogram(): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    numberOfSignificantValueDigits: 3,
  });
}
