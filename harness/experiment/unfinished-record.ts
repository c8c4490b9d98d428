import { mergeVerdicts } from "../../core/index.ts";
import type { CheckRecord, ScenarioRecord, ScenarioSource } from "../../evidence/index.ts";
import type { Scenario } from "./scenario.ts";

/** What is known of an experiment that ended before anything was measured. */
export interface Unfinished {
  readonly scenario: Scenario;
  readonly source: ScenarioSource;
  readonly seed: number;
  readonly command: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Why it ended, and what was observed until then. */
  readonly checks: readonly CheckRecord[];
}

/**
 * The record of an experiment that was started and ended before anything was measured: inconclusive at best.
 */
export function unfinishedRecord(unfinished: Unfinished): ScenarioRecord {
  const { scenario, source, seed, command, startedAtMs, endedAtMs, checks } = unfinished;
  return {
    name: scenario.name,
    hypothesis: scenario.hypothesis,
    source,
    verdict: mergeVerdicts(["inconclusive", ...checks.map(({ verdict }) => verdict)]),
    seed,
    command,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: Math.max(0, endedAtMs - startedAtMs),
    phases: [],
    faults: [],
    samples: { atMs: [], columns: [] },
    triggers: [],
    checks,
    notApplicable: [],
    operations: {
      routes: [],
      rateRps: scenario.load.rateRps,
      ...{ total: 0, succeeded: 0, rejected: 0, failed: 0, unknown: 0 },
      latencyMs: { p50: null, p95: null, p99: null, max: null },
    },
    orders: { listed: [], omitted: 0 },
    logs: [],
  };
}
