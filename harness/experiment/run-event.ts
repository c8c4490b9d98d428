import type { EnvironmentRecord, RunRecord, ScenarioRecord } from "../../evidence/index.ts";

/** What a run is, told before anything else: enough to make its record from the journal, should it not end. */
interface RunOpening
  extends Pick<RunRecord, "runId" | "title" | "command" | "seed" | "platform" | "startedAt" | "notRun"> {
  readonly kind: "run.started";
  /** The scenarios that are to be carried out, in their order. */
  readonly planned: readonly string[];
}

/** What a run tells while it goes on: for a person's eyes and for the journal. */
export type RunEvent =
  | RunOpening
  | { readonly kind: "lab.ready"; readonly labId: string; readonly tookMs: number }
  | { readonly kind: "run.environment"; readonly environment: EnvironmentRecord }
  | {
      readonly kind: "scenario.started";
      readonly scenario: string;
      readonly seed: number;
      readonly hypothesis: string;
    }
  | {
      readonly kind: "lease.opened";
      readonly scenario: string;
      /** Whether the fault proxy undoes the faults should this process be killed. */
      readonly leased: boolean;
    }
  | {
      readonly kind: "phase.started";
      readonly scenario: string;
      readonly phase: string;
      readonly atMs: number;
    }
  | {
      readonly kind: "fault.injected";
      readonly scenario: string;
      readonly fault: string;
      readonly atMs: number;
    }
  | {
      readonly kind: "fault.healed";
      readonly scenario: string;
      readonly fault: string;
      readonly atMs: number;
    }
  | {
      readonly kind: "trigger.changed";
      readonly scenario: string;
      readonly trigger: string;
      readonly state: string;
      readonly atMs: number;
    }
  | {
      readonly kind: "load.tick";
      readonly scenario: string;
      readonly atMs: number;
      readonly rateRps: number;
      readonly errors: number;
      readonly latencyMsP95: number | null;
    }
  | { readonly kind: "scenario.ended"; readonly record: ScenarioRecord }
  | { readonly kind: "run.ended"; readonly runId: string; readonly verdict: string };

export type RunListener = (event: RunEvent) => void;
