import type { Verdict } from "../core/index.ts";

/** What the report of a drill is made of; the drill's own record has more. */
export interface DrillSheet {
  readonly runId: string;
  readonly title: string;
  readonly command: string;
  readonly seed: number;
  readonly timeScale: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly verdict: Verdict;
  readonly quiet: {
    readonly verdict: Verdict;
    readonly watchedMs: number;
    readonly fired: readonly string[];
    readonly why: string;
  };
  readonly triggers: readonly DrillRow[];
  /** The conditions that were made true, each once. */
  readonly runs: readonly { readonly condition: string; readonly summary: string }[];
}

/** One alert of a drill. Times are of the lab. */
export interface DrillRow {
  readonly trigger: string;
  readonly verdict: Verdict;
  readonly condition: string | null;
  /** From the first thing done to when its expression held, without its waiting time; null when it did not fire. */
  readonly trueAfterFaultMs: number | null;
  readonly firedAfterFaultMs: number | null;
  readonly firedAfterTrueMs: number | null;
  readonly firedWith: readonly string[];
  readonly why: string;
}
