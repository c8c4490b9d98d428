import type { Fault } from "../../chaos/index.ts";
import type { LoadPlanInput } from "../../load/index.ts";

/** The sources of the drill's samples, each of which can be disconnected. */
export type MetricSource = "platform" | "pgbouncer" | "postgres";

/** Clients of the platform, open-loop, with evenly spaced starts. */
export interface DrillLoad {
  readonly rateRps: number;
  readonly workload: NonNullable<LoadPlanInput["workload"]>;
}

/** One act on the lab that helps to create a condition. */
export type Act =
  | { readonly kind: "fault"; readonly fault: Fault }
  /** More clients, or other ones, in addition to the running ones. */
  | { readonly kind: "load"; readonly what: string; readonly load: DrillLoad }
  /** The metrics of a source can no longer be collected, as when a scrape target is lost. */
  | { readonly kind: "blind"; readonly source: MetricSource };

/**
 * A problem as data: what is done to the lab, and what it changes in the metrics. A trigger is drilled by
 * creating the condition for real and checking whether it fires.
 */
export interface DrillCondition {
  readonly name: string;
  /** The problem in one sentence, for a reader who knows the platform but not the harness. */
  readonly summary: string;
  /** The name of the platform whose variables, paths or statements it uses; null when any platform can be in it. */
  readonly madeFor: string | null;
  /** Variables for the platform, besides those of the lab: planted defects. */
  readonly environment: Readonly<Record<string, string>>;
  /** The clients before and during it. */
  readonly load: DrillLoad;
  /** Executed one after the other, without pauses. */
  readonly acts: readonly Act[];
  /**
   * The metrics that it changes, so that it can be tried for rules that it was not made for;
   * histograms without suffix.
   */
  readonly moves: readonly string[];
  /** Whether it makes series disappear, which a rule with `absent` waits for. */
  readonly endsSeries: boolean;
  /** The triggers that it was made for. */
  readonly triggers: readonly string[];
  /** Shows, independently of the triggers, that the condition is really true. */
  readonly confirmedBy: Evidence;
}

/**
 * A query of the scraped samples: PromQL with ranges of the lab's own time; the condition is true above zero.
 */
export interface Evidence {
  readonly what: string;
  readonly expression: string;
}
