import type { Fault } from "../../chaos/index.ts";
import type { LoadPlanInput } from "../../load/index.ts";

/** Where the drill's samples come from, each a source that can go blind. */
export type MetricSource = "platform" | "pgbouncer" | "postgres";

/** Clients of the platform, open-loop, with evenly spaced starts. */
export interface DrillLoad {
  readonly rateRps: number;
  readonly workload: NonNullable<LoadPlanInput["workload"]>;
}

/** One thing that is done to the lab to make a condition true. */
export type Act =
  | { readonly kind: "fault"; readonly fault: Fault }
  /** More clients, or clients that do something else, beside those that are there already. */
  | { readonly kind: "load"; readonly what: string; readonly load: DrillLoad }
  /** The metrics of a source cannot be collected any more, as when a scrape target is lost. */
  | { readonly kind: "blind"; readonly source: MetricSource };

/**
 * Something that goes wrong, as data: what is done to the lab, and what it changes in the metrics. A trigger is
 * drilled by making a condition happen for real and looking whether it fires.
 */
export interface DrillCondition {
  readonly name: string;
  /** What is the matter then, in one sentence for a reader who knows the platform and not the harness. */
  readonly summary: string;
  /** Variables that the platform is started with, besides those of the lab: planted defects. */
  readonly environment: Readonly<Record<string, string>>;
  /** The clients before and during it. */
  readonly load: DrillLoad;
  /** Done one after the other, as fast as they go. */
  readonly acts: readonly Act[];
  /** The metrics that it changes, by which a rule that it was not made for finds it; histograms without suffix. */
  readonly moves: readonly string[];
  /** Whether it makes series disappear, which is what a rule with `absent` waits for. */
  readonly endsSeries: boolean;
  /** The triggers that it was made for. */
  readonly triggers: readonly string[];
  /** How it is seen, whatever the triggers say, that it has really come true. */
  readonly confirmedBy: Evidence;
}

/** A look at the samples as they were scraped: PromQL with ranges of the lab's own time, shown when above zero. */
export interface Evidence {
  readonly what: string;
  readonly expression: string;
}
