import type { LatencyHistogram } from "./latency-histogram.ts";
import type { GeneratorHealth } from "./load-result.ts";

/** What a generator measured about itself. */
export interface GeneratorMeasurement {
  readonly lags: LatencyHistogram;
  readonly maxLagMsP99: number;
  readonly dropped: number;
  readonly cpuMs: number;
  readonly priorityRaised: boolean;
}

/** Judges a generator by its own lag and by the operations that it could not send. */
export function judgeGenerator(measurement: GeneratorMeasurement): GeneratorHealth {
  const { lags, maxLagMsP99, dropped, cpuMs, priorityRaised } = measurement;
  const lagMs = lags.summary();
  const cpuMsPerOperation = lags.count === 0 ? null : cpuMs / lags.count;
  const measures = { lagMs, maxLagMsP99, dropped, cpuMs, cpuMsPerOperation, priorityRaised };
  const reasons: string[] = [];
  if (lags.count === 0) reasons.push("Expected operations to start, but none did.");
  if (lagMs.p99 !== null && lagMs.p99 > maxLagMsP99) {
    reasons.push(
      `Expected starts at most ${maxLagMsP99} ms late at P99, measured ${lagMs.p99.toFixed(1)} ms.`,
    );
  }
  if (dropped > 0) {
    reasons.push(
      `Expected every planned operation to be sent, but ${dropped} were dropped at the limit in flight.`,
    );
  }
  return reasons.length === 0 ? { state: "sound", ...measures } : { state: "unsound", reasons, ...measures };
}
