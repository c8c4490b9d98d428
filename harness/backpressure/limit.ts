/** What can keep a platform from taking more load. */
export const LIMITS = ["cpu", "event-loop", "pool", "locks", "database", "venue"] as const;
export type LimitName = (typeof LIMITS)[number];

/** What a person calls it. */
export const LIMIT_TITLES: Readonly<Record<LimitName, string>> = {
  cpu: "CPU",
  "event-loop": "event loop",
  pool: "connection pool",
  locks: "locks",
  database: "database",
  venue: "venue",
};

/**
 * What slowed the platform down at the rate that broke the objective. `saturation` is latency up with the CPU at work,
 * `backpressure` is latency up while the CPU has time. Nothing is named that does not account for the latency.
 */
export type LimitFinding =
  | {
      readonly kind: "named";
      readonly limit: LimitName;
      readonly nature: "saturation" | "backpressure";
      readonly why: string;
    }
  | { readonly kind: "unexplained"; readonly why: string };
