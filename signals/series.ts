import { CounterResets } from "./counter-resets.ts";
import type { Labels } from "./labels.ts";

/** The result of adding a sample to a series or a store. */
export type AppendOutcome = "stored" | RefusalReason;

/** Why a sample was not stored. */
export type RefusalReason = "out-of-order" | "duplicate" | "series-limit" | "ahead-of-clock" | "too-old";

/** The low 32 bits of the NaN by which Prometheus marks the end of a series (0x7ff0000000000002). */
const STALE_LOW_WORD = 0x0000_0002;
const STALE_HIGH_WORD = 0x7ff0_0000;
const FIRST_CAPACITY = 64;

/**
 * The samples of one series as two columns, oldest first, times in milliseconds. A stale marker is stored as
 * in Prometheus: a NaN with a specific bit pattern, written and read as bits, since JavaScript may change the
 * payload of a NaN that is used as a number.
 */
export class Series {
  readonly labels: Labels;
  timesMs = new Float64Array(FIRST_CAPACITY);
  values = new Float64Array(FIRST_CAPACITY);
  /** The index of the oldest sample. */
  start = 0;
  /** The index after the newest sample. */
  end = 0;
  /** How many of the kept samples are stale markers; most series have none. */
  staleMarkers = 0;
  /** The index of the newest of them, or one before `start`. */
  newestStale = -1;
  #words = new Uint32Array(this.values.buffer);
  #resets: CounterResets | undefined;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  /** Adds a sample; times must ascend. */
  append(atMs: number, value: number): AppendOutcome {
    const outcome = this.#makeRoom(atMs);
    if (outcome !== "stored") return outcome;
    this.values[this.end] = value;
    this.end++;
    return outcome;
  }

  /** Adds a stale marker: the series has no value until its next sample. */
  appendStale(atMs: number): AppendOutcome {
    const outcome = this.#makeRoom(atMs);
    if (outcome !== "stored") return outcome;
    this.#words[2 * this.end] = STALE_LOW_WORD;
    this.#words[2 * this.end + 1] = STALE_HIGH_WORD;
    this.staleMarkers++;
    this.newestStale = this.end;
    this.end++;
    return outcome;
  }

  /** The counter resets among the samples. Created only for series for which it is requested. */
  get resets(): CounterResets {
    this.#resets ??= new CounterResets();
    return this.#resets.update(this.values, this.start, this.end);
  }

  /** Whether the sample at this index is a stale marker. */
  isStale(index: number): boolean {
    return this.#words[2 * index] === STALE_LOW_WORD && this.#words[2 * index + 1] === STALE_HIGH_WORD;
  }

  /**
   * The index of the first sample later than `timeMs`; `end` when there is none. Samples usually have even
   * intervals, so the search begins where the sample would then be, and widens from there.
   */
  firstAfter(timeMs: number): number {
    const { timesMs, start, end } = this;
    if (start === end || (timesMs[start] as number) > timeMs) return start;
    if ((timesMs[end - 1] as number) <= timeMs) return end;
    // Now the sample at `low` is not later, and the one at `high` is.
    let low = start;
    let high = end - 1;
    const firstMs = timesMs[low] as number;
    const guess =
      low + Math.floor(((timeMs - firstMs) / ((timesMs[high] as number) - firstMs)) * (high - low));
    if ((timesMs[guess] as number) <= timeMs) {
      low = guess;
      for (let step = 1; low + step < high; step *= 2) {
        if ((timesMs[low + step] as number) > timeMs) high = low + step;
        else low += step;
      }
    } else {
      high = guess;
      for (let step = 1; high - step > low; step *= 2) {
        if ((timesMs[high - step] as number) <= timeMs) low = high - step;
        else high -= step;
      }
    }
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((timesMs[middle] as number) > timeMs) high = middle;
      else low = middle;
    }
    return high;
  }

  /** Drops the samples older than `timeMs`. */
  dropBefore(timeMs: number): void {
    while (this.start < this.end && (this.timesMs[this.start] as number) < timeMs) {
      if (this.staleMarkers > 0 && this.isStale(this.start)) this.staleMarkers--;
      this.start++;
    }
  }

  get sampleCount(): number {
    return this.end - this.start;
  }

  #makeRoom(atMs: number): AppendOutcome {
    if (this.end > this.start) {
      const newestMs = this.timesMs[this.end - 1] as number;
      if (atMs === newestMs) return "duplicate";
      if (atMs < newestMs) return "out-of-order";
    }
    if (this.end === this.timesMs.length) this.#compactOrGrow();
    this.timesMs[this.end] = atMs;
    return "stored";
  }

  /**
   * Moves the samples to the front when at least half of the capacity is free, and doubles the capacity
   * otherwise.
   */
  #compactOrGrow(): void {
    const kept = this.end - this.start;
    if (kept <= this.timesMs.length / 2) {
      this.timesMs.copyWithin(0, this.start, this.end);
      this.#words.copyWithin(0, 2 * this.start, 2 * this.end);
    } else {
      const timesMs = new Float64Array(this.timesMs.length * 2);
      const values = new Float64Array(this.timesMs.length * 2);
      const words = new Uint32Array(values.buffer);
      timesMs.set(this.timesMs.subarray(this.start, this.end));
      words.set(this.#words.subarray(2 * this.start, 2 * this.end));
      this.timesMs = timesMs;
      this.values = values;
      this.#words = words;
    }
    this.#resets?.moveBy(this.start);
    this.newestStale -= this.start;
    this.start = 0;
    this.end = kept;
  }
}
