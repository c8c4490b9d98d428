import type { ConditionRun, DrillRecord, QuietDrill } from "../../evidence/index.ts";

/** The events of a drill, for display and for the journal. */
export type DrillEvent =
  | {
      readonly kind: "drill.started";
      readonly runId: string;
      readonly command: string;
      readonly seed: number;
      readonly rules: number;
    }
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
  | { readonly kind: "drill.quiet.ended"; readonly quiet: QuietDrill }
  | { readonly kind: "drill.ended"; readonly verdict: DrillRecord["verdict"] };

export type DrillListener = (event: DrillEvent) => void;
