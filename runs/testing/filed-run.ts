import type { Verdict } from "../../core/index.ts";
import { RUN_SCHEMA, type RunRecord } from "../../evidence/index.ts";

/** The record of a run without a scenario. */
export function filedRun(verdict: Verdict): RunRecord {
  return {
    ...{ schema: RUN_SCHEMA, runId: "run-1", title: "a run", command: "./kanit run x", seed: 1 },
    ...{ platform: "spark", startedAt: "2026-01-01T00:00:00.000Z", endedAt: "2026-01-01T00:00:09.000Z" },
    verdict,
    environment: {
      ...{ runtime: "local", kanitVersion: "1", commit: "unknown", node: "24", os: "Linux", cpuModel: "x" },
      ...{ cpuCount: 2, memoryBytes: 1, postgres: "16", pgbouncer: "1", proxy: "kanit", market: "synthetic" },
      ...{ tapeSpeed: 1, timeScale: 60 },
    },
    scenarios: [],
    notRun: [],
    notApplicable: [],
  };
}
