import { formatDuration, type Verdict } from "../../core/index.ts";
import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import { tookMs } from "./duration.ts";

/**
 * A column of the table of rates: its heading, and a step's value in it. `cores`: those the platform can use.
 */
export interface RateColumn {
  readonly heading: string;
  readonly of: (step: StepRecord, cores: number) => string;
}

/** The columns for each rate, in every format: times in ms, CPU as a share of what the platform can use. */
export const RATE_COLUMNS: readonly RateColumn[] = [
  { heading: "op/s", of: ({ rateRps }) => String(rateRps) },
  { heading: "answered", of: ({ achievedRps }) => achievedRps.toFixed(0) },
  { heading: "errors", of: ({ errorRatio }) => percent(errorRatio) },
  { heading: "P50", of: ({ latencyMs }) => amount(latencyMs.p50) },
  { heading: "P95", of: ({ latencyMs }) => amount(latencyMs.p95) },
  { heading: "P99", of: ({ latencyMs }) => amount(latencyMs.p99) },
  { heading: "CPU", of: ({ resources }, cores) => percent(shareOf(resources.cpuCores, cores)) },
  { heading: "loop lag", of: ({ resources }) => amount(resources.eventLoopLagMsP99) },
  { heading: "pool queue", of: ({ resources }) => amount(resources.poolWaiting) },
  { heading: "lock waits", of: ({ resources }) => amount(resources.lockWaiting) },
];

/** The average waits of an operation. The page draws them; text formats have them in these columns. */
export const WAIT_COLUMNS: readonly RateColumn[] = [
  { heading: "in pool", of: ({ resources }) => amount(resources.waits.poolMs) },
  { heading: "on locks", of: ({ resources }) => amount(resources.waits.locksMs) },
  { heading: "in database", of: ({ resources }) => amount(resources.waits.databaseMs) },
  { heading: "at venue", of: ({ resources }) => amount(resources.waits.venueMs) },
];

/** The units of all columns, in a sentence below the table. */
export const RATE_UNITS =
  "Times in ms, loop lag at P99; queue and lock waits: how many at a time; the last four: ms for each operation.";

const STEP_VERDICTS = { held: "pass", broken: "fail", undecided: "inconclusive" } as const;

/** The verdict for a step's sign. */
export function stepVerdict({ finding }: StepRecord): Verdict {
  return STEP_VERDICTS[finding.kind];
}

/** `backpressure of spark · P95 below 200 ms · 30 s · seed 1`. */
export function backpressureFacts(search: BackpressureRecord): string {
  const { title, planted, seed, objective } = search;
  const took = formatDuration(tookMs(search));
  return [title, `P95 below ${objective.latencyMsP95} ms`, ...planted, took, `seed ${seed}`].join(" · ");
}

/** CPU in cores as a share of what the platform can use. */
export function shareOf(cpuCores: number | null, cores: number): number | null {
  return cpuCores === null ? null : cpuCores / cores;
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function amount(value: number | null): string {
  if (value === null) return "–";
  return value.toFixed(value < 10 ? 1 : 0);
}
