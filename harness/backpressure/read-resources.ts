import type { OperationWaits, ResourceReading } from "../../evidence/index.ts";
import { queryNumber, type SampleStore } from "../../signals/index.ts";

const MS_PER_SECOND = 1_000;

/** The measured window, and the work done for clients in it. */
export interface HeldWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** Operations that were answered in it. */
  readonly operations: number;
}

/** Reads the measurements of the sources in a window. */
export function readResources(store: SampleStore, { fromMs, toMs, operations }: HeldWindow): ResourceReading {
  const windowMs = toMs - fromMs;
  const read = (expression: string): number | null =>
    queryNumber(store, expression.replaceAll("$window", `${Math.round(windowMs)}ms`), toMs) ?? null;
  const meanOf = (metric: string) => read(`sum(avg_over_time(${metric}[$window]))`);
  const rateOf = (metric: string) => read(`sum(rate(${metric}[$window]))`);

  const waiting = [meanOf("db_pool_waiting_requests"), meanOf("pgbouncer_pools_client_waiting_connections")];
  const poolWaiting = waiting.every((count) => count === null) ? null : sumOf(waiting);
  const lockWaiting = meanOf("pg_locks_waiting_count");
  const inTransaction = rateOf("pgbouncer_stats_server_in_transaction_seconds_total");
  const rates: WaitRates = {
    poolWaiting,
    lockWaiting,
    inTransaction,
    atVenue: rateOf("venue_request_duration_seconds_sum"),
  };
  return {
    cpuCores: rateOf("process_cpu_seconds_total"),
    eventLoopLagMsP99: inMs(
      read("histogram_quantile(0.99, sum by (le) (rate(event_loop_lag_seconds_bucket[$window])))") ??
        read("max(max_over_time(nodejs_eventloop_lag_p99_seconds[$window]))"),
    ),
    eventLoopStalledShare: rateOf("event_loop_lag_seconds_sum"),
    poolWaiting,
    lockWaiting,
    poolActive: meanOf("pgbouncer_pools_server_active_connections"),
    statementMs: inMs(ratio(inTransaction, rateOf("pgbouncer_stats_queries_pooled_total"))),
    waits: waitsOf(rates, (operations * MS_PER_SECOND) / windowMs),
  };
}

/** Seconds spent on something per second: how many do it at a time, on average. */
interface WaitRates {
  readonly poolWaiting: number | null;
  readonly lockWaiting: number | null;
  readonly inTransaction: number | null;
  readonly atVenue: number | null;
}

function waitsOf(rates: WaitRates, operationsPerSecond: number): OperationWaits {
  const each = (seconds: number | null) => inMs(ratio(seconds, operationsPerSecond));
  const { poolWaiting, lockWaiting, inTransaction, atVenue } = rates;
  return {
    poolMs: each(poolWaiting),
    locksMs: each(lockWaiting),
    databaseMs: each(inTransaction === null ? null : Math.max(0, inTransaction - (lockWaiting ?? 0))),
    venueMs: each(atVenue),
  };
}

function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

function ratio(value: number | null, by: number | null): number | null {
  return value === null || by === null || by === 0 ? null : value / by;
}

function inMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * MS_PER_SECOND;
}
