import { LatencyHistogram } from "../latency-histogram.ts";
import type { LoadTick } from "../load-result.ts";
import type { Operation } from "../operation.ts";
import { noOutcomes } from "../summarize.ts";

/** Counts what happens between two ticks. */
export class TickRecorder {
  readonly #startedAtEpochMs: number;
  readonly #latencies = new LatencyHistogram();
  readonly #lags = new LatencyHistogram();
  #outcomes = noOutcomes();
  #planned = 0;

  constructor(startedAtEpochMs: number) {
    this.#startedAtEpochMs = startedAtEpochMs;
  }

  started(lagMs: number): void {
    this.#planned += 1;
    this.#lags.record(lagMs);
  }

  completed(operation: Operation): void {
    this.#outcomes[operation.outcome] += 1;
    if (operation.outcome === "dropped") this.#planned += 1;
    else this.#latencies.record(operation.endedAtMs - operation.plannedAtMs);
  }

  /** Returns the counts since the last call, and starts new ones. */
  take(atMs: number, inFlight: number): LoadTick {
    const outcomes = this.#outcomes;
    const { p50, p95, p99, max } = this.#latencies.summary();
    const tick: LoadTick = {
      atMs,
      startedAtEpochMs: this.#startedAtEpochMs,
      planned: this.#planned,
      completed: outcomes.succeeded + outcomes.rejected + outcomes.failed + outcomes.unknown,
      ...outcomes,
      inFlight,
      latencyMs: { p50, p95, p99, max },
      lagMsP99: this.#lags.percentileMs(99),
    };
    this.#outcomes = noOutcomes();
    this.#planned = 0;
    this.#latencies.reset();
    this.#lags.reset();
    return tick;
  }
}
