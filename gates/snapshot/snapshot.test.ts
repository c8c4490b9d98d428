import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles, type RuleGroup } from "../../signals/index.ts";
import type { Target } from "../engine/target.ts";
import { startAnsweringPrometheus } from "../golden/testing/answering-prometheus.ts";
import { heldPool } from "../preflight/held-pool.ts";
import { sendOrders } from "../red-team/lab-orders.ts";
import { type GatedLab, startGatedLab } from "../testing/gated-lab.ts";
import { memoryFiling } from "../testing/memory-filing.ts";
import { logPart, readLogs } from "./read-logs.ts";
import { readSnapshot } from "./snapshot-record.ts";
import { takeSnapshot } from "./take-snapshot.ts";

const REQUESTS = 40;
const signal = new AbortController().signal;
let groups: readonly RuleGroup[];
let lab: GatedLab;
beforeAll(async () => {
  groups = await loadRuleFiles(ALL_RULE_FILES);
  lab = await startGatedLab({ timeScale: 1, triggers: groups });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** A page as the preflight files it: no CSP violation in an hour. */
const BASELINE = `process_start_time_seconds 1000\ncsp_violations_total 0\n`;
const NO_FILE = { text: "", commit: null, target: "", atMs: 4_600_000 };
const filedBaseline = async (name: string) =>
  name === "baseline_v1.4.0.prom" ? { ...NO_FILE, text: BASELINE } : null;

/** Takes a snapshot of the lab, with requests meanwhile. */
async function snapshotOf(
  parts: Partial<Target["parts"]>,
  { patienceMs, load }: { readonly patienceMs: number; readonly load: boolean },
) {
  const filing = memoryFiling();
  const ended = new AbortController();
  const requests = load ? sendRequests(ended.signal) : Promise.resolve();
  const record = await takeSnapshot({
    ...{ stage: "5", commit: lab.commit.sha, filing, signal, window: "5m", patienceMs },
    target: { ...lab.target, parts: { ...lab.target.parts, evidence: filedBaseline, ...parts } },
    rules: alertsOf(groups),
    leastRequests: REQUESTS,
    clock: systemClock,
  });
  ended.abort();
  await requests;
  return { record, filing, text: (name: string) => filing.files.get(name)?.text ?? "" };
}

/** Users, as far as a snapshot sees them: orders with keys of their own. */
async function sendRequests(until: AbortSignal): Promise<void> {
  const { addresses } = lab.lab;
  for (let sent = 0; !until.aborted; sent += 1) {
    await sendOrders(addresses, [{ account: "snapshot", key: `snapshot-${sent}`, quantity: "0.001" }], {
      signal,
    });
  }
}

const NAMES = ["rollout", "db_health", "pgbouncer", "logs", "summary"].map((name) => `${name}_stage_5.txt`);

describe("a snapshot of a stage", () => {
  it("has all of a lab with requests, and files its five files and its record", async () => {
    const { record, text, filing } = await snapshotOf({}, { patienceMs: 60_000, load: true });
    // How quick the lab is depends on the machine; that nothing is missing does not.
    expect(record.files.flatMap(({ missing }) => missing)).toEqual([]);
    expect(record.golden?.signals.map(({ standing }) => standing)).not.toContain("unknown");
    expect(record.verdict).not.toBe("inconclusive");
    expect([...filing.files.keys()].sort()).toEqual([...NAMES, "snapshot_stage_5.json"].sort());
    expect(text("rollout_stage_5.txt")).toMatch(/\d\/8 golden signals are within their limits/);
    expect(text("db_health_stage_5.txt")).toMatch(/^spark\t\d+/m);
    expect(text("pgbouncer_stage_5.txt")).toMatch(/^spark\tspark\t/m);
    expect(text("logs_stage_5.txt")).toMatch(/^# spark\.log: \d+ lines/m);
    const filed = await readSnapshot(async (name) => ({ ...NO_FILE, text: text(name) }), "5");
    expect(filed).toEqual(record);
    expect(filing.ending()).toEqual({ verdict: record.verdict, problems: [] });
  });

  it("names in each file what the target lacks, and is inconclusive", async () => {
    const lacking = { prometheus: null, database: null, pgbouncer: null, logs: null };
    const { record, text } = await snapshotOf(lacking, { patienceMs: 0, load: false });
    expect(record.verdict).toBe("inconclusive");
    expect(NAMES.filter((name) => !/^MISSING {3}.+the target names none$/m.test(text(name)))).toEqual([]);
    expect(record.golden).toBeNull();
  });

  it("is inconclusive where nobody sends requests, whatever the rest says", async () => {
    await using empty = await startAnsweringPrometheus(() => []);
    const prometheus = { url: empty.url, targets: [], rules: null };
    const { record } = await snapshotOf({ prometheus }, { patienceMs: 0, load: false });
    expect(record.verdict).toBe("inconclusive");
    expect(record.golden?.signals.map(({ standing }) => standing)).toEqual(Array(8).fill("unknown"));
  });

  it("fails where clients wait for a connection", async () => {
    const { target, directory } = lab;
    await using held = await heldPool.apply({ lab: lab.lab, target, directory, clock: systemClock, signal });
    expect(held.effect).toContain("clients wait");
    const { record, text } = await snapshotOf({ prometheus: null }, { patienceMs: 0, load: false });
    expect(record.verdict).toBe("fail");
    expect(text("pgbouncer_stage_5.txt")).toMatch(/^PROBLEM {3}spark\/spark: clients wait/m);
  });
});

describe("a log", () => {
  it.each([
    ['{"level":60,"msg":"gone"}', 1],
    ['{"level":"fatal","msg":"gone"}', 1],
    ["panic: runtime error", 1],
    ['{"level":50,"msg":"an error, not fatal"}', 0],
    ["ERROR: relation does not exist", 0],
  ])("with the line %s has %d problems", (line, problems) => {
    expect(logPart("platform.log", `all well\n${line}\n`).problems).toHaveLength(problems);
  });

  it("that is not there is missing, and says its name", async () => {
    const { missing } = await readLogs([join(lab.directory, "nowhere.log")]);
    expect(missing).toEqual([expect.stringMatching(/^log nowhere\.log: ENOENT/)]);
  });
});
