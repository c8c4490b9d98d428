import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRunRecord } from "./read-record.ts";
import type { RunRecord } from "./run-record.ts";
import type { ScenarioRecord } from "./scenario-record.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-record-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(record: unknown): string {
  const path = join(folder, "run.json");
  writeFileSync(path, typeof record === "string" ? record : JSON.stringify(record));
  return path;
}

const SCENARIO: ScenarioRecord = {
  name: "db-latency",
  hypothesis: "Slow, not wrong.",
  verdict: "pass",
  seed: 7,
  command: "npm start",
  startedAt: "2025-08-01T02:00:00.000Z",
  durationMs: 1_000,
  phases: [{ name: "fault", startMs: 0, endMs: 500 }],
  faults: [
    {
      label: "latency 300 ms on postgres",
      kind: "latency",
      link: "postgres",
      injectedAtMs: 0,
      healedAtMs: null,
      bite: { kind: "unknown", why: "not counted" },
    },
  ],
  samples: {
    atMs: [0, 250],
    columns: [{ id: "latency-ms-p95", label: "P95", group: "latency", unit: "ms", values: [null, 3.5] }],
  },
  triggers: [
    {
      name: "Slow",
      severity: "page",
      expression: "p95 > 0.4",
      summary: "P95 above 400 ms",
      expected: "fires",
      verdict: "pass",
      history: [{ atMs: 0, state: "no-data", value: null }],
      firedAtMs: 250,
      firedAfterFaultMs: 250,
    },
  ],
  checks: [
    {
      kind: "invariant",
      name: "balances add up",
      basis: "count",
      verdict: "pass",
      expected: "0",
      received: "0",
    },
  ],
  operations: {
    rateRps: 1,
    total: 1,
    succeeded: 1,
    rejected: 0,
    failed: 0,
    unknown: 0,
    latencyMs: { p50: 1, p95: 1, p99: 1, max: null },
  },
  logs: [{ process: "platform", path: "logs/platform.log" }],
};

const RUN: RunRecord = {
  schema: "kanit.run/2",
  runId: "run-1",
  title: "Nightly",
  command: "npm start",
  seed: 7,
  platform: "spark",
  startedAt: "2025-08-01T02:00:00.000Z",
  endedAt: "2025-08-01T02:00:01.000Z",
  verdict: "pass",
  environment: {
    runtime: "local",
    kanitVersion: "0.1.0",
    commit: "unknown",
    node: "v24",
    os: "Linux",
    cpuModel: "x",
    cpuCount: 2,
    memoryBytes: 1,
    postgres: "18",
    pgbouncer: "1.18",
    proxy: "kanit",
    market: "synthetic, seed 7",
    tapeSpeed: 1,
    timeScale: 100,
  },
  scenarios: [SCENARIO],
  notRun: [{ name: "ws-frames-swallowed", why: "needs the kanit engine" }],
};

describe("a filed run record", () => {
  it("comes back as it was filed", async () => {
    expect(await readRunRecord(file(RUN))).toEqual(RUN);
  });

  it("is refused, with the place, when it is not what it says", async () => {
    const { samples } = SCENARIO;
    const withTimes = (atMs: readonly number[]) => ({ ...SCENARIO, samples: { ...samples, atMs } });
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [
        { ...RUN, schema: "kanit.run/1" },
        /Expected a record \(kanit\.run\/2, .*, got at schema: kanit\.run\/1\./,
      ],
      [{ ...RUN, schema: "kanit.drill/2" }, /got at quiet: /],
      [{ ...RUN, schema: undefined }, /got at schema: nothing/],
      [{ ...RUN, verdict: "green" }, /got at verdict: /],
      [{ ...RUN, unheard: 1 }, /got at its root: .*unheard/],
      [
        { ...RUN, scenarios: [withTimes([0])] },
        /got at scenarios\.0\.samples: expected one value for each time/,
      ],
      [
        { ...RUN, scenarios: [withTimes([250, 250])] },
        /got at scenarios\.0\.samples: expected times that rise/,
      ],
    ];
    for (const [record, message] of cases) {
      await expect(readRunRecord(file(record))).rejects.toThrow(message);
    }
  });

  it("is refused when it is cut short or not there", async () => {
    await expect(readRunRecord(file('{"schema":'))).rejects.toMatchObject({ code: "record-unreadable" });
    await expect(readRunRecord(join(folder, "absent.json"))).rejects.toThrow(/ENOENT/);
  });
});
