import type { ConditionRun, DrillRecord, EnvironmentRecord, TriggerDrill } from "../../evidence/index.ts";

/** What a drill is, told before anything else: enough to make its record from the journal, should it not end. */
interface DrillOpening
  extends Pick<
    DrillRecord,
    "runId" | "title" | "command" | "seed" | "platform" | "startedAt" | "notApplicable"
  > {
  readonly kind: "drill.started";
  /** The rules that are drilled. */
  readonly planned: readonly Pick<TriggerDrill, "trigger" | "severity">[];
}

/** The events of a drill, for display and for the journal. */
export type DrillEvent =
  | DrillOpening
  | { readonly kind: "drill.environment"; readonly environment: EnvironmentRecord }
  | {
      readonly kind: "drill.lab.ready";
      readonly labId: string;
      readonly tookMs: number;
      readonly environment: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "drill.condition.started";
      readonly condition: string;
      readonly summary: string;
      /** The rules that are expected to fire. */
      readonly awaited: readonly string[];
    }
  | { readonly kind: "drill.acts.done"; readonly condition: string; readonly acts: readonly string[] }
  | {
      readonly kind: "drill.rule.fired";
      readonly condition: string;
      readonly rule: string;
      /** Whether it was expected. */
      readonly awaited: boolean;
      /** Since the first act. */
      readonly afterMs: number;
    }
  | { readonly kind: "drill.condition.ended"; readonly run: ConditionRun }
  | ({ readonly kind: "drill.quiet.ended" } & Pick<DrillRecord, "quiet">)
  /** A rule fired under a condition of its own, and nothing more is tried for it. */
  | { readonly kind: "drill.trigger.fired"; readonly drill: TriggerDrill }
  | ({ readonly kind: "drill.ended" } & Pick<DrillRecord, "verdict" | "endedAt" | "triggers">);

export type DrillListener = (event: DrillEvent) => void;
