import type { Verdict } from "../../core/index.ts";

export const CANARY_SCHEMA = "kanit.canary/1";

/** What was measured of one arm for a signal. Null: nothing that can be expressed as a number. */
export interface CanaryArmRecord {
  readonly samples: number;
  readonly value: number | null;
}

/** The verdict on one golden signal, with all that it was made of. */
export interface CanarySignalRecord {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly isCritical: boolean;
  /** Why, in one sentence. */
  readonly reason: string;
  readonly queries: readonly string[];
  readonly unit: string;
  readonly stable: CanaryArmRecord;
  readonly candidate: CanaryArmRecord;
  /** What is counted: requests, pauses, looks. */
  readonly sampleName: string;
  /** Samples of the candidate that a pass needs in this stage. */
  readonly needed: number;
  /** The test, its statistic and where it decides: `log-rank e-value 2.1, fails from 9.2`. */
  readonly statistic: string;
  /** How many times worse than the stable the candidate is, with the interval that holds at all looks together. */
  readonly factor: { readonly estimate: number; readonly low: number; readonly high: number } | null;
  /** `at most 0.2 s`. */
  readonly limit: string;
  /** The number of an absolute limit, in the signal's unit; null where only the comparison counts. */
  readonly limitValue: number | null;
}

/** The part of the requests that the candidate got, as the arms counted them. */
export interface CanaryShareRecord {
  readonly verdict: Verdict;
  readonly askedPercent: number;
  readonly measuredPercent: number | null;
  readonly low: number;
  readonly high: number;
  readonly candidateRequests: number;
  readonly stableRequests: number;
  readonly reason: string;
}

/** A rollback trigger, as it was watched on the candidate. */
export interface CanaryTriggerRecord {
  readonly name: string;
  readonly state: "no-data" | "inactive" | "pending" | "firing";
  /** When it fired first; null when it never did. */
  readonly firedAt: string | null;
}

/** What was decided, when and why. */
export interface CanaryDecisionRecord {
  readonly at: string;
  readonly stage: string;
  readonly kind: "enter" | "advance" | "finish" | "hold" | "roll-back" | "interrupted";
  readonly reason: string;
}

/** One stage as it was planned. */
export interface CanaryStagePlanRecord {
  readonly name: string;
  readonly sharePercent: number;
  readonly durationMs: number;
  readonly longestMs: number;
  readonly needed: readonly { readonly signal: string; readonly samples: number; readonly of: string }[];
}

/** One stage as it went. */
export interface CanaryStageRecord {
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly looks: number;
  readonly signals: readonly CanarySignalRecord[];
  readonly share: CanaryShareRecord | null;
}

/** The values of both arms at each look. Null: not measured then. */
export interface CanaryCurveRecord {
  readonly signal: string;
  readonly stable: readonly (number | null)[];
  readonly candidate: readonly (number | null)[];
}

/** One canary, from its first stage to its end, or so far. */
export interface CanaryRecord {
  readonly schema: typeof CANARY_SCHEMA;
  readonly release: string;
  readonly target: string;
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly verdict: Verdict;
  /** What was decided in the end, in one sentence. */
  readonly lead: string;
  readonly timeScale: number;
  readonly falseAlarmRate: number;
  readonly arms: { readonly stable: string; readonly candidate: string };
  readonly plan: readonly CanaryStagePlanRecord[];
  readonly stages: readonly CanaryStageRecord[];
  readonly atMs: readonly number[];
  readonly curves: readonly CanaryCurveRecord[];
  readonly triggers: readonly CanaryTriggerRecord[];
  readonly decisions: readonly CanaryDecisionRecord[];
  /** Requests of users that the candidate answered. */
  readonly exposedRequests: number;
  readonly problems: readonly string[];
}
