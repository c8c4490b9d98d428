import { formatDuration } from "../core/index.ts";
import type { Sample } from "./sample-store.ts";
import type { RefusalReason } from "./series.ts";

/** The samples of a source that a store refused for one reason, with the latest one as the example. */
interface RefusedSamples {
  readonly reason: RefusalReason;
  readonly count: number;
  readonly metric: string;
  /** The example's time minus the time of its collection. */
  readonly aheadMs: number;
}

/** Counts the samples of a source that stores refused, by reason. */
export class RefusedSampleCounts {
  readonly #byReason = new Map<RefusalReason, RefusedSamples>();

  /** @param atMs the time of the collection. */
  note(reason: RefusalReason, { labels, timestampMs = Number.NaN }: Sample, atMs: number): void {
    const count = (this.#byReason.get(reason)?.count ?? 0) + 1;
    this.#byReason.set(reason, { reason, count, metric: labels.metricName, aheadMs: timestampMs - atMs });
  }

  get total(): number {
    return [...this.#byReason.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** One line for each reason. */
  lines(): readonly string[] {
    return [...this.#byReason.values()].map(describeRefused);
  }
}

function describeRefused({ reason, count, metric, aheadMs }: RefusedSamples): string {
  const samples = `${count} ${count === 1 ? "sample" : "samples"} refused, of ${metric} last`;
  switch (reason) {
    case "ahead-of-clock":
      return `${samples}: timestamped ${formatDuration(aheadMs)} ahead of the clock`;
    case "too-old":
      return `${samples}: timestamped ${formatDuration(-aheadMs)} before the clock`;
    case "out-of-order":
      return `${samples}: timestamped before a previous sample`;
    case "duplicate":
      return `${samples}: the same series twice with the same timestamp`;
    case "series-limit":
      return `${samples}: more series than the store's limit`;
  }
}
