import type { Verdict } from "../../core/index.ts";
import type { CheckRecord, FaultRecord } from "../../evidence/index.ts";
import type { FinalState } from "../../harness/index.ts";
import type { Operation } from "../../load/index.ts";
import type { Plan } from "../plan/plan.ts";

/** Where the time of an experiment went, in ms. */
export interface TimeSplit {
  readonly resetMs: number;
  /** The program with its faults, and their healing. */
  readonly operationsMs: number;
  /** Until the platform had recovered and its books were complete. */
  readonly settlingMs: number;
  /** Reading everything and judging it. */
  readonly checksMs: number;
}

/** What an experiment showed. */
export interface ExperimentRecord {
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly checks: readonly CheckRecord[];
  readonly faults: readonly FaultRecord[];
  readonly operations: readonly Operation[];
  /** Null when the experiment broke off before the books were read. */
  readonly state: FinalState | null;
  /** Counters of the platform's own that say what it did, by name. */
  readonly facts: Readonly<Record<string, number>>;
  /** Why a failure counts for nothing: the machine or the harness itself was in trouble. */
  readonly excuses: readonly string[];
  readonly split: TimeSplit;
}
