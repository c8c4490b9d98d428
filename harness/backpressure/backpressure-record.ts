import type { Verdict } from "../../core/index.ts";
import type { LoadObjective } from "../../load/index.ts";
import type { LimitFinding } from "./limit.ts";
import type { StepRecord } from "./step-record.ts";
import type { TriggerRegion } from "./trigger-region.ts";

/** What a platform did under a rate that went up step by step. */
export interface BackpressureRecord {
  readonly schema: "kanit.backpressure/1";
  readonly runId: string;
  /** The command line that repeats it. */
  readonly command: string;
  readonly seed: number;
  readonly platform: string;
  /** How many cores the platform can use. */
  readonly cores: number;
  readonly objective: LoadObjective;
  /** The rate that has to be held; null: whatever it holds is right. */
  readonly mustHoldRps: number | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly verdict: Verdict;
  /** One sentence: what came out, or why nothing did. */
  readonly why: string;
  /** What was done to the lab besides the load. */
  readonly planted: readonly string[];
  /** Each rate once, as it was last held, from the lowest on. */
  readonly steps: readonly StepRecord[];
  /** The highest rate that held; null when none did. */
  readonly heldRps: number | null;
  readonly outcome: BackpressureOutcome;
  /** Where the triggers fire in the plane of CPU and P95. */
  readonly regions: readonly TriggerRegion[];
}

export type BackpressureOutcome =
  /** A rate broke the objective, twice. */
  | { readonly kind: "limited"; readonly rateRps: number; readonly limit: LimitFinding }
  /** Every rate held. */
  | { readonly kind: "unlimited"; readonly rateRps: number }
  /** The measurement cannot be believed, or was ended early. */
  | { readonly kind: "undecided"; readonly why: string };
