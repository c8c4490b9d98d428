import type { LeaseState } from "../../chaos/index.ts";
import type { NotApplicable, PhaseRecord } from "../../evidence/index.ts";
import type { ProcessDeath } from "../../lab/index.ts";
import type { LoadResult } from "../../load/index.ts";
import type { MachineLoad } from "../../machine/index.ts";
import type { PlayedFault } from "../experiment/fault-timeline.ts";
import type { Scenario } from "../experiment/scenario.ts";
import type { SettledState } from "../experiment/settle.ts";
import type { Measured } from "../observation/measured.ts";
import type { RunnerGap } from "../observation/runner-watch.ts";
import type { OwnInvariant } from "../own/own-invariant.ts";
import type { MarketSilences } from "./judge-market.ts";

/** The complete results of an experiment, as plain data, for its verdict. */
export interface ExperimentOutcome {
  readonly scenario: Scenario;
  readonly platformName: string;
  readonly phases: readonly PhaseRecord[];
  readonly faults: readonly PlayedFault[];
  readonly load: LoadResult;
  readonly measured: Measured;
  /** Null when the experiment broke off before the books were read. */
  readonly settled: SettledState | null;
  /** Why the experiment broke off, if it did. */
  readonly brokeOff: readonly string[];
  /** The parts of the scenario and the rules that do not apply to the platform. */
  readonly notApplicable: readonly NotApplicable[];
  /** The field's metrics that the platform says it does not have. */
  readonly lacksMetrics: readonly string[];
  /** The user's own invariants. */
  readonly ownInvariants: readonly OwnInvariant[];
  /** The state of the faults' lease when it was released. */
  readonly leaseEnd: LeaseState;
  readonly deaths: readonly ProcessDeath[];
  readonly machine: MachineLoad;
  /** The silences of the lab's own market. */
  readonly marketSilences: MarketSilences;
  /** The periods in which the runner itself did not run. */
  readonly runnerGaps: readonly RunnerGap[];
  /** How often the runner checked whether it was running. */
  readonly runnerLooks: number;
}
