import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretRegistry, systemClock } from "../core/index.ts";
import { type Archive, createArchive, readRunRecord, type ScenarioRecord } from "../evidence/index.ts";
import { rebuildRun } from "./rebuild-run.ts";
import { filedRun } from "./testing/filed-run.ts";

const FAILED: ScenarioRecord = {
  ...{ name: "one", hypothesis: "It holds.", verdict: "fail", seed: 1, command: "./kanit run one" },
  ...{ startedAt: "2026-01-01T00:00:01.000Z", durationMs: 9_000, phases: [], faults: [], triggers: [] },
  samples: { atMs: [0, 250], columns: [] },
  notApplicable: [],
  checks: [
    {
      kind: "invariant",
      name: "balances-agree",
      basis: "count",
      verdict: "fail",
      expected: "1",
      received: "2",
      judgedBy: { count: 4, noun: "balance" },
      orders: [],
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

describe("the report of a run that was killed", () => {
  let root: string;
  let archive: Archive;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kanit-rebuild-"));
    archive = await createArchive({
      root,
      runId: "run-1",
      clock: systemClock,
      secrets: new SecretRegistry(),
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** What remains of a run that was killed during its second scenario. */
  function killedInScenarioTwo(): void {
    const { environment, runId, title, command, seed, platform, startedAt } = filedRun("pass");
    const journal = archive.startJournal();
    const opening = { runId, title, command, seed, platform, startedAt, notRun: [], notApplicable: [] };
    journal.append("run.started", { kind: "run.started", ...opening, planned: ["one", "two", "three"] });
    journal.append("run.environment", { kind: "run.environment", environment });
    journal.append("scenario.ended", { kind: "scenario.ended", record: FAILED });
    journal.append("scenario.started", { kind: "scenario.started", scenario: "two" });
  }

  it("has the fail that was found, whole, and lists what was not judged", async () => {
    killedInScenarioTwo();
    const { record, paths } = await rebuildRun(archive.folder);
    expect(record).toMatchObject({ verdict: "fail", title: "a run (rebuilt from the journal)" });
    expect(record.scenarios).toEqual([FAILED]);
    expect(record.notRun).toEqual([
      { name: "two", why: "the run ended before it was judged" },
      { name: "three", why: "the run ended before it was judged" },
    ]);
    expect(await readRunRecord(paths.json)).toEqual(record);
  });

  it("is made once: a run that has its record keeps it", async () => {
    killedInScenarioTwo();
    await rebuildRun(archive.folder);
    await expect(rebuildRun(archive.folder)).rejects.toMatchObject({ code: "run-has-record", exitCode: 64 });
  });

  it("is refused where nothing was found, on one line", async () => {
    await expect(rebuildRun(archive.folder)).rejects.toMatchObject({ code: "not-a-run" });
    archive.startJournal();
    await expect(rebuildRun(archive.folder)).rejects.toMatchObject({ code: "run-not-begun" });
  });
});
