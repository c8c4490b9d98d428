import type { Verdict } from "../core/index.ts";

/**
 * What a run files and what a report reads: `run.json`. Everything in it is plain JSON. Times named `atMs` are
 * milliseconds since the start of their scenario.
 */
export interface RunRecord {
  readonly schema: "kanit.run/1";
  readonly runId: string;
  readonly title: string;
  /** The command line that repeats the run. */
  readonly command: string;
  readonly seed: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly verdict: Verdict;
  readonly environment: EnvironmentRecord;
  readonly scenarios: readonly ScenarioRecord[];
  /** What was asked for and could not be carried out here: it is not known, and the run at best inconclusive. */
  readonly notRun: readonly NotRunRecord[];
}

/** A scenario that was not run, and why: `needs the kanit engine`. */
interface NotRunRecord {
  readonly name: string;
  readonly why: string;
}

/** Where the run took place, so that a reader can judge what its figures are worth. */
export interface EnvironmentRecord {
  readonly runtime: string;
  readonly kanitVersion: string;
  /** The commit of the checkout, or `unknown` outside one. */
  readonly commit: string;
  readonly node: string;
  readonly os: string;
  readonly cpuModel: string;
  readonly cpuCount: number;
  readonly memoryBytes: number;
  readonly postgres: string;
  readonly pgbouncer: string;
  readonly proxy: string;
  /** `recording btcusdt_20240808.gz` or `synthetic, seed 7`. */
  readonly market: string;
  readonly tapeSpeed: number;
  /** One second of the lab stands for this many seconds of production, in trigger windows. */
  readonly timeScale: number;
}

export interface ScenarioRecord {
  readonly name: string;
  readonly hypothesis: string;
  readonly verdict: Verdict;
  /** Why it is not a pass, worst first; empty for a pass. */
  readonly reasons: readonly string[];
  readonly seed: number;
  /** The command line that repeats this scenario alone. */
  readonly command: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly phases: readonly PhaseRecord[];
  readonly faults: readonly FaultRecord[];
  readonly samples: SampleTable;
  readonly triggers: readonly TriggerRecord[];
  readonly checks: readonly CheckRecord[];
  readonly operations: OperationsRecord;
  /** Files of this scenario, relative to the run's folder: logs of each process. */
  readonly logs: readonly LogRecord[];
}

export interface PhaseRecord {
  readonly name: "warm-up" | "steady-before" | "fault" | "recovery" | "steady-after";
  readonly startMs: number;
  readonly endMs: number;
}

export interface FaultRecord {
  /** For a person: `latency 300 ms ± 20 ms on postgres, downstream`. */
  readonly label: string;
  readonly kind: string;
  readonly link: string;
  readonly injectedAtMs: number;
  /** `null`: it was never healed, which is a failure of the harness and reported as such. */
  readonly healedAtMs: number | null;
  readonly bite: BiteRecord;
}

/** Whether a fault touched anything. A fault that touched nothing proves nothing. */
export type BiteRecord =
  | {
      readonly kind: "counted";
      readonly connections: number;
      readonly bytes: number;
      /** Null where the fault does not know messages. */
      readonly messages: number | null;
    }
  | { readonly kind: "unknown"; readonly why: string };

/** Series on one time axis. A column has one entry for each time; `null` where nothing was measured. */
export interface SampleTable {
  readonly atMs: readonly number[];
  readonly columns: readonly SampleColumn[];
}

export interface SampleColumn {
  /** Stable, for programs: `latency-ms-p95`. */
  readonly id: string;
  /** For a person: `P95`. */
  readonly label: string;
  /** The chart that it belongs to. */
  readonly group: "rate" | "latency" | "cpu" | "errors" | "staleness" | "event-loop" | "pool";
  readonly unit: "1/s" | "ms" | "s" | "%";
  readonly values: readonly (number | null)[];
}

export interface TriggerRecord {
  readonly name: string;
  readonly severity: string;
  /** The rule's PromQL as written in its file, before time compression. */
  readonly expression: string;
  readonly summary: string;
  readonly expected: "fires" | "quiet" | "either";
  readonly verdict: Verdict;
  /** State changes, in order, starting with the state at time 0. */
  readonly history: readonly TriggerStateRecord[];
  readonly firedAtMs: number | null;
  /** From the injection of the first fault to firing; `null` when it did not fire after one. */
  readonly firedAfterFaultMs: number | null;
}

export interface TriggerStateRecord {
  readonly atMs: number;
  readonly state: "no-data" | "inactive" | "pending" | "firing";
  readonly value: number | null;
}

/** One thing that was checked: the steady state, recovery, an invariant, the harness's own health. */
export interface CheckRecord {
  readonly kind: "steady-state" | "fault" | "trigger" | "recovery" | "invariant" | "harness";
  readonly name: string;
  readonly verdict: Verdict;
  readonly expected: string;
  readonly received: string;
}

export interface OperationsRecord {
  readonly rateRps: number;
  readonly total: number;
  readonly succeeded: number;
  /** Answered with a refusal that is part of the contract: a risk block, a filter, too little balance. */
  readonly rejected: number;
  readonly failed: number;
  /** The client never learned the outcome: a timeout, a cut connection. */
  readonly unknown: number;
  readonly latencyMs: LatencyRecord;
}

/** Latency from the planned start of an operation, in milliseconds; `null` without a single measurement. */
export interface LatencyRecord {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface LogRecord {
  readonly process: string;
  readonly path: string;
}
