import type { Verdict } from "../core/index.ts";

/** What the report of a search for a platform's limit is made of; the search's own record has more. */
export interface BackpressureSheet {
  readonly runId: string;
  readonly command: string;
  readonly seed: number;
  readonly platform: string;
  /** How many cores the platform can use. */
  readonly cores: number;
  readonly objective: { readonly latencyMsP95: number };
  readonly startedAt: string;
  readonly endedAt: string;
  readonly verdict: Verdict;
  readonly why: string;
  readonly planted: readonly string[];
  readonly heldRps: number | null;
  /** From the lowest rate to the highest. */
  readonly steps: readonly BackpressureStep[];
  readonly outcome:
    | {
        readonly kind: "limited";
        readonly rateRps: number;
        readonly limit:
          | { readonly kind: "named"; readonly limit: string; readonly nature: string; readonly why: string }
          | { readonly kind: "unexplained"; readonly why: string };
      }
    | { readonly kind: "unlimited"; readonly rateRps: number }
    | { readonly kind: "undecided"; readonly why: string };
  /** Where triggers fire: above a P95, and below a share of the CPU where it matters. */
  readonly regions: readonly {
    readonly trigger: string;
    readonly latencyAboveMs: number;
    /** In cores. */
    readonly cpuBelow: number | null;
  }[];
}

/** One rate. What nobody could measure is null. */
export interface BackpressureStep {
  readonly rateRps: number;
  readonly achievedRps: number;
  readonly operations: number;
  readonly errorRatio: number | null;
  readonly latencyMs: {
    readonly mean: number | null;
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
  readonly lagMsP99: number | null;
  readonly resources: {
    readonly cpuCores: number | null;
    readonly eventLoopLagMsP99: number | null;
    readonly poolWaiting: number | null;
    readonly lockWaiting: number | null;
    readonly waits: {
      readonly poolMs: number | null;
      readonly locksMs: number | null;
      readonly databaseMs: number | null;
      readonly venueMs: number | null;
    };
  };
  readonly finding:
    | { readonly kind: "held" }
    | { readonly kind: "broken" | "undecided"; readonly why: string };
}
