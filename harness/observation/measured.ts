import type { PhaseRecord, TriggerStateRecord } from "../../evidence/index.ts";

/**
 * What was measured outside the clients, as plain data. Times are milliseconds since the scenario's start.
 */
export interface Measured {
  readonly triggers: readonly ObservedTrigger[];
  /** The values of the requested queries, at the end of the load. */
  readonly values: Readonly<Record<string, MetricValue>>;
  /** Why the platform's metrics could not be mapped to the field's, each reason once. */
  readonly mappingFailures: readonly string[];
  /** The ages of each feed in seconds, by phase; none for a feed that was never measured. */
  readonly feedAges: Readonly<Partial<Record<PhaseRecord["name"], FeedAges>>>;
  readonly metricsPages: MetricsPages;
}

/** The check of the platform's metrics pages for impossible values. */
export interface MetricsPages {
  readonly pages: number;
  /** Impossible values since the steady state before the faults, one line each. */
  readonly problems: readonly string[];
  /** Samples of any source that could not be stored, one line for each source and reason. */
  readonly refused: readonly string[];
}

/** The value of a query over the platform's metrics. */
export type MetricValue =
  | {
      readonly kind: "measured";
      readonly value: number;
      /** How many samples the query read. */
      readonly samples: number;
    }
  | { readonly kind: "no-data" }
  /** It could not be evaluated. */
  | { readonly kind: "failed"; readonly why: string };

export type FeedAges = Readonly<Record<string, readonly number[]>>;

/** The record of a trigger while it was watched. */
export interface ObservedTrigger {
  readonly name: string;
  readonly severity: string;
  /** As written in its file, before time compression. */
  readonly expression: string;
  readonly summary: string;
  readonly history: readonly TriggerStateRecord[];
  /** How often its expression was evaluated and found data. */
  readonly evaluations: number;
  readonly firedAtMs: number | null;
  /** How often it could not be evaluated. */
  readonly failures: number;
}
