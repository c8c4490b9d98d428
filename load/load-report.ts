import type { Verdict } from "../core/index.ts";
import type { LatencySummary } from "./latency-histogram.ts";
import type { LoadResult, OutcomeCounts } from "./load-result.ts";
import type { OperationKind } from "./operation.ts";
import { summarize } from "./summarize.ts";

/** The report of a load, whichever tool ran it. */
export interface LoadReport {
  readonly tool: "kanit" | "k6";
  readonly durationMs: number;
  /** All operations, retries and dropped ones included. */
  readonly operations: number;
  readonly outcomes: OutcomeCounts;
  /** `(failed + unknown) / sent`; null when nothing was sent. */
  readonly errorRatio: number | null;
  readonly latencyMs: LatencySummary;
  /** The start of latencies: k6 counts them from the actual start, so its own delays are not in them. */
  readonly latencyFrom: "planned start" | "actual start";
  readonly kinds: readonly KindReport[];
  /** Why the measurement is not reliable; empty when it is. */
  readonly unsound: readonly string[];
  /** The lag of starts at P99, in milliseconds; null when the tool does not report it. */
  readonly lagMsP99: number | null;
}

/** One kind of operation of a report. */
export interface KindReport {
  readonly kind: OperationKind;
  readonly operations: number;
  readonly latencyMs: LatencySummary;
}

/** The objective of a load. */
export interface LoadObjective {
  readonly latencyMsP95: number;
  /** `(failed + unknown) / sent`, from 0 to 1, which must stay below it. */
  readonly errorRatio: number;
}

/** The platform's objective: P95 below 200 ms, 99 % without error. */
export const USUAL_OBJECTIVE: LoadObjective = { latencyMsP95: 200, errorRatio: 0.01 };

/** With fewer operations a 95th percentile is meaningless: at least two must lie beyond it. */
const MIN_OPERATIONS = 40;

/** The result of a judgment, with reasons. */
export interface LoadJudgment {
  readonly verdict: Verdict;
  /** One sentence for each violation. */
  readonly reasons: readonly string[];
}

/** Converts the generator's own result to a report. */
export function reportOf(result: LoadResult): LoadReport {
  const { totals, generator } = result;
  const kinds = Map.groupBy(result.operations, ({ kind }) => kind);
  return {
    tool: "kanit",
    durationMs: result.durationMs,
    operations: totals.operations,
    outcomes: totals.outcomes,
    errorRatio: totals.errorRatio,
    latencyMs: totals.latencyMs,
    latencyFrom: "planned start",
    kinds: [...kinds].map(([kind, operations]) => {
      const summary = summarize(operations);
      return { kind, operations: summary.operations, latencyMs: summary.latencyMs };
    }),
    unsound: generator.state === "sound" ? [] : generator.reasons,
    lagMsP99: generator.lagMs.p99,
  };
}

/**
 * Judges a load by its objective. An unreliable measurement, or one with too few operations, is inconclusive.
 */
export function judgeLoad(report: LoadReport, objective: LoadObjective): LoadJudgment {
  const { errorRatio, operations, unsound } = report;
  const { p95 } = report.latencyMs;
  if (unsound.length > 0) return { verdict: "inconclusive", reasons: unsound };
  if (p95 === null || errorRatio === null || operations < MIN_OPERATIONS) {
    const reason = `Expected at least ${MIN_OPERATIONS} operations to judge by, got ${operations}.`;
    return { verdict: "inconclusive", reasons: [reason] };
  }
  const reasons: string[] = [];
  if (p95 >= objective.latencyMsP95) {
    reasons.push(`Expected a P95 below ${objective.latencyMsP95} ms, measured ${p95.toFixed(1)} ms.`);
  }
  if (errorRatio >= objective.errorRatio) {
    const limit = `${objective.errorRatio * 100} %`;
    reasons.push(`Expected errors below ${limit}, measured ${(errorRatio * 100).toFixed(2)} %.`);
  }
  return { verdict: reasons.length > 0 ? "fail" : "pass", reasons };
}
