import type { EnvironmentRecord, RunRecord, ScenarioRecord } from "../../evidence/index.ts";

/** The run's description, reported first: enough to make its record from the journal if it does not end. */
interface RunOpening
  extends Pick<RunRecord, "runId" | "title" | "command" | "seed" | "platform" | "startedAt" | "notRun"> {
  readonly kind: "run.started";
  /** The scenarios to run, in order. */
  readonly planned: readonly string[];
}

/** The events of a run, for display and for the journal. */
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
      /** Whether the fault proxy undoes the faults if this process is killed. */
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
  | ({ readonly kind: "run.ended" } & Pick<RunRecord, "runId" | "verdict" | "endedAt" | "notRun">);

export type RunListener = (event: RunEvent) => void;
