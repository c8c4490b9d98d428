import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DrillRecord, readRecord } from "../evidence/index.ts";
import { DRILL_CONDITIONS } from "../scenarios/index.ts";
import { drillTriggers } from "./drill-triggers.ts";
import { DEFAULT_TIME_SCALE } from "./run-experiments.ts";
import type { FiledRun } from "./run-filing.ts";
import { writePageCode } from "./testing/page-code.ts";
import { OUT_DIRECTORY, testLab } from "./testing/suite.ts";
import { verifyRun } from "./verification/verify-run.ts";

/**
 * Four alerts that fire for different reasons, and two that cannot: one threshold is too high, one
 * name has a typo.
 */
const RULES = `
groups:
  - name: mine
    rules:
      - alert: FeedSilent
        expr: max(feed_staleness_seconds) > 120
        for: 1m
      - alert: ReportsComeIn
        expr: sum(rate(csp_violations_total[1m])) * 60 > 50
      - record: mine:conflict_share
        expr: sum(rate(idempotency_conflicts_total[1m])) / sum(rate(idempotency_requests_total[1m]))
      - alert: KeysConflict
        expr: mine:conflict_share > 0.05
        for: 1m
      - alert: CountersGone
        expr: absent(orders_total)
        for: 1m
      - alert: ThresholdBeyondReach
        expr: sum(rate(csp_violations_total[1m])) > 1e9
      - alert: NameWithTypo
        expr: sum(rate(csp_violation_total[1m])) > 0
`;
const FIRE = ["FeedSilent", "ReportsComeIn", "KeysConflict", "CountersGone"];

/** Includes the time to wait for a machine that other programs use too. */
const PATIENCE_MS = 110_000;

describe("a drill of a user's own rules", () => {
  let filed: FiledRun<DrillRecord>;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kanit-drill-"));
    const rulesPath = join(folder, "mine.yml");
    await writeFile(rulesPath, RULES);
    filed = await drillTriggers({
      triggers: [],
      conditions: DRILL_CONDITIONS,
      rulesPath,
      runtime: { name: "local" },
      outDirectory: OUT_DIRECTORY,
      lab: await testLab(),
      timeScale: DEFAULT_TIME_SCALE,
      command: "./kanit drill --rules mine.yml",
      listener: () => undefined,
      signal: new AbortController().signal,
    });
  }, PATIENCE_MS);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const drillOf = (name: string) => filed.record.triggers.find(({ trigger }) => trigger === name);

  it.each(FIRE)("makes %s fire, after the fault and after its expression held", (name) => {
    const drill = drillOf(name);
    expect(drill).toMatchObject({ verdict: "pass", outcome: "fired" });
    expect(drill?.firedAfterFaultMs).toBeGreaterThan(0);
    expect(drill?.firedAfterTrueMs).toBeGreaterThanOrEqual(0);
  });

  it("waits as long as each rule waits, compressed", () => {
    for (const name of ["FeedSilent", "KeysConflict", "CountersGone"]) {
      expect(drillOf(name)?.firedAfterTrueMs, name).toBeGreaterThanOrEqual(60_000 / DEFAULT_TIME_SCALE);
    }
  });

  it("reports the two that nothing makes fire as silent alerts, with the reason", () => {
    expect(drillOf("ThresholdBeyondReach")).toMatchObject({
      verdict: "fail",
      outcome: "silent",
      tried: ["csp-reports"],
      why: "silent alert: under csp-reports its expression never held",
    });
    expect(drillOf("NameWithTypo")).toMatchObject({
      verdict: "fail",
      outcome: "silent",
      tried: [],
      why: "silent alert: no series that it names ever existed in the lab",
    });
    expect(filed.record.verdict).toBe("fail");
  });

  it("sees none fire while nothing is done, and names those without data", () => {
    expect(filed.record.quiet).toMatchObject({ verdict: "pass", fired: [] });
    expect(filed.record.quiet.why).toContain("without data: NameWithTypo");
  });

  it("files a record, a page and a valid manifest", async () => {
    expect(await readRecord(filed.paths.json ?? "not written")).toEqual(filed.record);
    const findings = await verifyRun(filed.folder, filed.head);
    expect(findings.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  });
});

describe("the drill of the trigger in docs/add-a-trigger.md", () => {
  it("makes it fire by the condition on the page", { timeout: PATIENCE_MS }, async () => {
    const code = await writePageCode("add-a-trigger.md");
    try {
      const { ORDER_CONDITIONS } = await import(code.pathOf("scenarios/drills/order-conditions.ts"));
      const { record } = await drillTriggers({
        triggers: ["OrdersNotSent"],
        conditions: ORDER_CONDITIONS,
        rulesPath: code.pathOf("signals/rules/order-flow.yml"),
        runtime: { name: "local" },
        outDirectory: OUT_DIRECTORY,
        lab: await testLab(),
        timeScale: DEFAULT_TIME_SCALE,
        command: "./kanit drill OrdersNotSent",
        listener: () => undefined,
        signal: new AbortController().signal,
      });
      expect(record.quiet).toMatchObject({ verdict: "pass", fired: [] });
      expect(record.triggers).toMatchObject([
        { trigger: "OrdersNotSent", outcome: "fired", verdict: "pass" },
      ]);
    } finally {
      await rm(code.folder, { recursive: true, force: true });
    }
  });
});
