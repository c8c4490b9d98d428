import { LatencyHistogram } from "./latency-histogram.ts";
import type { OperationSummary } from "./load-result.ts";
import type { Operation, Outcome } from "./operation.ts";

/**
 * Returns totals and latencies of the operations planned within `[fromMs, toMs)`. The window selects by
 * planned start, so that an operation delayed by a fault counts in the fault's window, however late it ended.
 * Pass a filtered list to summarize one kind; `mergeSummaries` merges those of several runs.
 */
export function summarize(
  operations: Iterable<Operation>,
  fromMs = Number.NEGATIVE_INFINITY,
  toMs = Number.POSITIVE_INFINITY,
): OperationSummary {
  const outcomes = noOutcomes();
  const latencies = new LatencyHistogram();
  for (const operation of operations) {
    if (operation.plannedAtMs < fromMs || operation.plannedAtMs >= toMs) continue;
    outcomes[operation.outcome] += 1;
    if (operation.outcome !== "dropped") latencies.record(operation.endedAtMs - operation.plannedAtMs);
  }
  return complete(outcomes, latencies);
}

/** The summary of several summaries, as if their operations had been one list. */
export function mergeSummaries(summaries: Iterable<OperationSummary>): OperationSummary {
  const outcomes = noOutcomes();
  const latencies = new LatencyHistogram();
  for (const summary of summaries) {
    for (const outcome of Object.keys(outcomes) as Outcome[]) outcomes[outcome] += summary.outcomes[outcome];
    latencies.add(LatencyHistogram.decode(summary.latencyHistogram));
  }
  return complete(outcomes, latencies);
}

/** A count of zero for each outcome. */
export function noOutcomes(): Record<Outcome, number> {
  return { succeeded: 0, rejected: 0, failed: 0, unknown: 0, dropped: 0 };
}

function complete(outcomes: Record<Outcome, number>, latencies: LatencyHistogram): OperationSummary {
  const sent = outcomes.succeeded + outcomes.rejected + outcomes.failed + outcomes.unknown;
  return {
    operations: sent + outcomes.dropped,
    outcomes,
    errorRatio: sent === 0 ? null : (outcomes.failed + outcomes.unknown) / sent,
    latencyMs: latencies.summary(),
    latencyHistogram: latencies.encode(),
  };
}
