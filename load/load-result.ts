import type { LatencySummary } from "./latency-histogram.ts";
import type { Operation, Outcome } from "./operation.ts";

/** How many operations ended in each way. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** The operations since the previous tick. The outcomes count operations that completed in this tick. */
export interface LoadTick extends OutcomeCounts {
  /** The end of the tick, in milliseconds since the load's start. */
  readonly atMs: number;
  /** The load's start on the epoch clock: `startedAtEpochMs + atMs` is the tick's time of day. */
  readonly startedAtEpochMs: number;
  /** Operations whose planned start was in the tick, retries included. */
  readonly planned: number;
  readonly completed: number;
  /** Operations without an answer at the tick's end. */
  readonly inFlight: number;
  /** Counted from the planned start, for the operations that completed in the tick. */
  readonly latencyMs: Pick<LatencySummary, "p50" | "p95" | "p99" | "max">;
  /** The generator's own lag, for the operations that started in the tick; null when none did. */
  readonly lagMsP99: number | null;
}

/** Requests and answers that the platform's definition could not map: the definition's fault, not the platform's. */
export interface UnmappedAnswers {
  readonly count: number;
  /** Why the first of them could not be mapped. */
  readonly first: string | null;
}

interface GeneratorMeasures {
  /** Actual start minus planned start. */
  readonly lagMs: LatencySummary;
  readonly maxLagMsP99: number;
  /** Operations that were not sent because `maxInFlight` was reached. */
  readonly dropped: number;
  /** CPU time of the generator's thread, and per operation. */
  readonly cpuMs: number;
  readonly cpuMsPerOperation: number | null;
  /** Whether the operating system gave the generator's thread a higher priority. */
  readonly priorityRaised: boolean;
}

/**
 * Whether the generator's measurements are valid. `unsound` makes a run inconclusive: the generator itself
 * limited its latencies or its rate, so they say nothing about the platform.
 */
export type GeneratorHealth =
  | (GeneratorMeasures & { readonly state: "sound" })
  | (GeneratorMeasures & { readonly state: "unsound"; readonly reasons: readonly string[] });

/** What the clients' quote stream received. */
export interface QuoteStreamReport {
  readonly connects: number;
  readonly disconnects: number;
  readonly quotes: number;
  readonly pings: number;
  readonly pongs: number;
  /** Messages that are neither a quote with two prices nor a pong. */
  readonly unreadable: number;
  /** Ping to pong. */
  readonly roundTripMs: LatencySummary;
  /** The longest time without any message while connected, in milliseconds. */
  readonly longestSilenceMs: number;
}

/** Totals of a set of operations. */
export interface OperationSummary {
  /** All operations, retries included. */
  readonly operations: number;
  readonly outcomes: OutcomeCounts;
  /** `(failed + unknown) / (all − dropped)`; null without operations. */
  readonly errorRatio: number | null;
  /**
   * Counted from the planned start, for all but `dropped` operations; failures and timeouts count with their
   * full time.
   */
  readonly latencyMs: LatencySummary;
  /**
   * The latencies as a compressed HdrHistogram in base64 (values are microseconds), for merging and
   * archiving.
   */
  readonly latencyHistogram: string;
}

/** The result of a load. Times of operations are milliseconds since `startedAtEpochMs`. */
export interface LoadResult {
  readonly startedAtEpochMs: number;
  readonly durationMs: number;
  /** In the order of completion. */
  readonly operations: readonly Operation[];
  readonly totals: OperationSummary;
  readonly generator: GeneratorHealth;
  readonly unmapped: UnmappedAnswers;
  /** Requests that clients sent to learn prices, which are no operations. */
  readonly unrecordedRequests: number;
  /** Null for workloads without a quote stream. */
  readonly quoteStream: QuoteStreamReport | null;
}
