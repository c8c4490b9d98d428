import type { Verdict } from "../../core/index.ts";
import type { RuleReading } from "./reading.ts";

/** One condition that was made to happen in the lab, and what every rule did then. Times in ms since the first act. */
export interface ConditionRun {
  readonly condition: string;
  readonly summary: string;
  /** What was done, as it was really done. */
  readonly acts: readonly string[];
  readonly shown: ShownRecord;
  /** Whether the platform served its clients well before. */
  readonly steadyBefore: boolean;
  /** How long it was watched. */
  readonly watchedMs: number;
  /** How late the load generator itself was, P99 in ms; null when it sent nothing. */
  readonly generatorLagMsP99: number | null;
  /** What went wrong in the lab or the harness. */
  readonly problems: readonly string[];
  readonly rules: readonly RuleRecord[];
}

/** Whether the condition was seen to be true, by the samples and not by the rules. */
export type ShownRecord =
  | { readonly kind: "shown"; readonly what: string; readonly afterMs: number }
  | { readonly kind: "not-shown"; readonly what: string; readonly why: string };

export interface RuleRecord {
  readonly rule: string;
  readonly reading: RuleReading;
}

/** What became of one drilled rule. */
export interface TriggerDrill {
  readonly trigger: string;
  readonly severity: string;
  readonly verdict: Verdict;
  /** Whether it fired, or why not: `silent` is an alert that nothing here makes fire. */
  readonly outcome: "fired" | "silent" | "undecided";
  /** The condition under which it fired; null when it did not. */
  readonly condition: string | null;
  /** From the first act to when its expression first held, in ms of the lab. */
  readonly trueAfterFaultMs: number | null;
  /** From the first act to firing, in ms of the lab. */
  readonly firedAfterFaultMs: number | null;
  /** From when its expression first held, without `for`, to firing, in ms of the lab. */
  readonly firedAfterTrueMs: number | null;
  /** How often its expression stopped holding in between. */
  readonly interruptions: number;
  /** The other rules that fired under the same condition. */
  readonly firedWith: readonly string[];
  /** The conditions under which it was looked at on purpose. */
  readonly tried: readonly string[];
  /** One sentence for a reader. */
  readonly why: string;
}

/** The control: the same lab under the same clients, and nothing done to it. */
export interface QuietDrill {
  readonly verdict: Verdict;
  readonly watchedMs: number;
  readonly fired: readonly string[];
  readonly why: string;
}

/** A whole drill. */
export interface DrillRecord {
  readonly schema: "kanit.drill/1";
  readonly runId: string;
  readonly title: string;
  readonly command: string;
  readonly seed: number;
  readonly platform: string;
  readonly timeScale: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly verdict: Verdict;
  readonly quiet: QuietDrill;
  readonly triggers: readonly TriggerDrill[];
  readonly runs: readonly ConditionRun[];
}
