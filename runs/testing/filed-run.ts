import { mergeVerdicts, SecretRegistry, systemClock, type Verdict } from "../../core/index.ts";
import {
  type Archive,
  createArchive,
  type EnvironmentRecord,
  RUN_SCHEMA,
  type RunRecord,
  type ScenarioRecord,
} from "../../evidence/index.ts";
import type { RunEvent } from "../../harness/index.ts";
import { type FiledRun, RunFiling } from "../run-filing.ts";

export const ENVIRONMENT: EnvironmentRecord = {
  ...{ runtime: "local", kanitVersion: "1", commit: "unknown", node: "24", os: "Linux", cpuModel: "x" },
  ...{ cpuCount: 2, memoryBytes: 1, postgres: "16", pgbouncer: "1", proxy: "kanit", market: "synthetic" },
  ...{ tapeSpeed: 1, timeScale: 60 },
};

/** The record of a scenario with one check. */
export function judgedScenario(name: string, verdict: Verdict): ScenarioRecord {
  return {
    ...{ name, hypothesis: "It holds.", verdict, seed: 1, command: `./kanit run ${name}` },
    ...{ startedAt: "2026-01-01T00:00:01.000Z", durationMs: 9_000, phases: [], faults: [], triggers: [] },
    source: { kind: "catalog" },
    samples: { atMs: [0, 250], columns: [] },
    notApplicable: [],
    checks: [
      {
        ...{ kind: "invariant", name: "balances-agree", basis: "count", verdict },
        ...{ judgedBy: { count: 4, noun: "balance" }, orders: [] },
        ...{ expected: "1", received: verdict === "pass" ? "1" : "2" },
      },
    ],
    operations: {
      routes: [],
      ...{ rateRps: 40, total: 0, succeeded: 0, rejected: 0, failed: 0, unknown: 0 },
      latencyMs: { p50: null, p95: null, p99: null, max: null },
    },
    orders: { listed: [], omitted: 0 },
    logs: [],
  };
}

/** The record of a run; without a scenario its verdict is the one that is given. */
export function filedRun(verdict: Verdict, scenarios: readonly ScenarioRecord[] = []): RunRecord {
  return {
    ...{ schema: RUN_SCHEMA, runId: "run-1", title: "a run", command: "./kanit run x", seed: 1 },
    ...{ platform: "spark", startedAt: "2026-01-01T00:00:00.000Z", endedAt: "2026-01-01T00:00:09.000Z" },
    verdict: mergeVerdicts([verdict, ...scenarios.map((scenario) => scenario.verdict)]),
    environment: ENVIRONMENT,
    scenarios,
    notRun: [],
    notApplicable: [],
  };
}

/** What a run tells while it goes on, in order. */
export function eventsOf(run: RunRecord, planned: readonly string[]): readonly RunEvent[] {
  const { runId, title, command, seed, platform, startedAt, endedAt, verdict, notRun, environment } = run;
  const opening = { runId, title, command, seed, platform, startedAt, notApplicable: run.notApplicable };
  return [
    { kind: "run.started", ...opening, planned, notRun: [] },
    { kind: "lab.ready", labId: "lab-1", tookMs: 900 },
    { kind: "run.environment", environment },
    ...run.scenarios.flatMap((record): readonly RunEvent[] => [
      { kind: "scenario.started", scenario: record.name, seed, hypothesis: record.hypothesis },
      { kind: "scenario.ended", record },
    ]),
    { kind: "run.ended", runId, verdict, endedAt, notRun },
  ];
}

/** An archive for a run in a folder of the test's own. */
export function newArchive(root: string): Promise<Archive> {
  return createArchive({ root, runId: "run-1", clock: systemClock, secrets: new SecretRegistry() });
}

/** Files a run as the command line does. */
export async function fileRun(archive: Archive, run: RunRecord): Promise<FiledRun<RunRecord>> {
  using filing = new RunFiling<RunEvent>(archive, new AbortController().signal);
  await archive.writeText("logs/platform.log", "started\n");
  const names = run.scenarios.map(({ name }) => name);
  return await filing.file(async () => {
    for (const event of eventsOf(run, names)) filing.append(event);
    return run;
  });
}
