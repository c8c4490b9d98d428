import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { memoryFiling } from "../testing/memory-filing.ts";
import { reportRelease } from "./report-release.ts";
import { isReportSource, type ReportFile } from "./report-sources.ts";

const CANARY = {
  ...{ lead: "rolled back", verdict: "fail", startedAt: "2026-01-01T10:00:00.000Z", endedAt: null },
  exposedRequests: 412,
  triggers: [
    { name: "HighErrorRate", firedAt: "2026-01-01T10:20:00.000Z" },
    { name: "HighLatency", firedAt: null },
  ],
  decisions: [
    { at: "2026-01-01T10:00:00.000Z", stage: "1", kind: "enter", reason: "begins" },
    { at: "2026-01-01T10:15:00.000Z", stage: "5", kind: "advance", reason: "all signals hold" },
    { at: "2026-01-01T10:20:01.000Z", stage: "5", kind: "roll-back", reason: "HighErrorRate fires" },
  ],
};
const ROLLBACK = [
  {
    at: "2026-01-01T10:20:02.000Z",
    kind: "rollback.requested",
    data: { reason: "HighErrorRate", stage: "5" },
  },
  { at: "2026-01-01T10:20:03.000Z", kind: "step.done", data: { step: "traffic", what: "all to stable" } },
  {
    at: "2026-01-01T10:21:02.000Z",
    kind: "rollback.ended",
    data: { verdict: "pass", wellAtMs: Date.parse("2026-01-01T10:21:00.000Z"), reasons: [] },
  },
];

const file = (path: string, text: string | null): ReportFile => ({
  ...{ archive: "v1.4.0", path, text, commit: "abc", atMs: Date.parse("2026-01-01T10:30:00.000Z") },
});
const canary = file("gates/canary-1/canary.json", JSON.stringify(CANARY));
const rollback = file(
  "gates/rollback-1/rollback_journal.jsonl",
  `${ROLLBACK.map((line) => JSON.stringify(line)).join("\n")}\n`,
);

/** Writes the texts about a release of which these files are filed. */
async function reportOf(files: readonly ReportFile[]) {
  const filing = memoryFiling();
  const report = await reportRelease({
    ...{ release: "v1.4.0", commit: "abc", files, filing, clock: systemClock },
    evidence: () => Promise.resolve(null),
  });
  return { report, text: (name: string) => filing.files.get(name)?.text ?? null };
}

describe("the texts about a release that was rolled back", () => {
  it("tell when it began, what fired, what was done, who was exposed, and when users were well", async () => {
    const { report, text } = await reportOf([canary, rollback]);
    const analysis = text("mini_rca_v1.4.0.md") ?? "";
    expect(analysis).toContain("| began | 2026-01-01T10:20:00.000Z trigger HighErrorRate fires |");
    expect(analysis).toContain("| noticed | 2026-01-01T10:20:00.000Z trigger HighErrorRate |");
    expect(analysis).toContain("| mitigated | 2026-01-01T10:20:02.000Z |");
    expect(analysis).toContain("| ended | 2026-01-01T10:21:00.000Z, 58 s after the rollback was asked for |");
    expect(analysis).toContain("| release, commit, stage | v1.4.0, abc, 5 % |");
    expect(analysis).toContain("| exposed | 412 requests answered by the candidate |");
    expect(analysis).toContain("step.done: traffic: all to stable");
    expect(text("incident_report_v1.4.0.md")).toContain("canary at 5 %: advance: all signals hold");
    expect(text("release_notes_v1.4.0.md")).toContain(
      "- rolled back at 2026-01-01T10:20:02.000Z: HighErrorRate",
    );
    expect(report.line.text).toContain("rollback=1;");
    expect(report.verdict).toBe("fail");
  });

  it("count a rollback that two files tell of once", async () => {
    const again = file("gates/rollback-2/rollback_journal.jsonl", rollback.text);
    expect((await reportOf([rollback, again])).report.line.text).toContain("rollback=1;");
  });

  it("say where a decision to roll back has no rollback", async () => {
    const { report } = await reportOf([canary]);
    expect(report.missing).toContain(
      "rollback: the canary decided to roll back at 5 % (2026-01-01T10:20:01.000Z), and none is filed",
    );
  });

  it("name a file that was changed since it was filed, or is none of its kind", async () => {
    const { report } = await reportOf([file(canary.path, null), file(rollback.path, "{}\n")]);
    expect(report.missing).toContain("v1.4.0/gates/canary-1/canary.json is not as it was filed");
    expect(report.missing).toContain(
      "v1.4.0/gates/rollback-1/rollback_journal.jsonl is no journal of a rollback",
    );
  });
});

describe("the texts about a release in which nothing failed", () => {
  it("do not take what is missing for good, have no incident, and leave open what no evidence says", async () => {
    const calm = { ...CANARY, triggers: [], decisions: CANARY.decisions.slice(0, 2) };
    const { text, report } = await reportOf([file(canary.path, JSON.stringify(calm))]);
    expect(report.line.text).toContain("rollback=0;");
    expect((await reportOf([])).report.line.text).toContain("rollback=missing;");
    expect(text("mini_rca_v1.4.0.md")).toContain("No failure is in the evidence, which is not whole");
    expect(text("incident_report_v1.4.0.md")).toBeNull();
    expect(text("release_notes_v1.4.0.md")).toContain("not said by any evidence: to be written by a person");
  });

  it("say that nothing failed where nothing is missing", async () => {
    const ids = ["api_latency_p95", "http_errors", "feed_staleness", "risk_blocks"];
    const signals = [...ids, "idempotency_conflicts", "csp_violations"].map((id) => ({
      ...{ id, value: 0, limit: "", standing: "within", why: "" },
    }));
    const read = { source: "p", window: "5m", at: "", requests: 900, stalenessSecondsP95: 1 };
    const golden = { ...read, cspBaselinePerMinute: 0, signals };
    const filing = memoryFiling();
    const { verdict } = await reportRelease({
      ...{ release: "v1.4.0", commit: "abc", files: [], filing, clock: systemClock },
      evidence: async (name) => {
        const stage = /^snapshot_stage_(\d+)\.json$/.exec(name)?.[1];
        if (stage === undefined) return null;
        const what = { schema: "kanit.snapshot/1", release: "v1.4.0", target: "t", commit: "abc", at: "" };
        const text = JSON.stringify({ ...what, stage, verdict: "pass", files: [], golden });
        return { text, commit: "abc", target: "t", atMs: 0 };
      },
    });
    expect(verdict).toBe("pass");
    expect(filing.files.get("mini_rca_v1.4.0.md")?.text).toContain(
      "Nothing failed and nothing was rolled back",
    );
  });

  it("fit on a page, however much is missing", async () => {
    const many = Array.from({ length: 80 }, (_, index) => file(`gates/g${index}/canary.json`, null));
    const { text } = await reportOf(many);
    expect((text("release_notes_v1.4.0.md") ?? "").split("\n").length).toBeLessThanOrEqual(60);
  });
});

describe("the files that the story of a release is written from", () => {
  it.each([
    ["gates/canary-20260101T000000Z-1a2b/canary.json", true],
    ["gates/preflight-1/gate_preflight.json", true],
    ["gates/snapshot-1/snapshot_stage_25.json", true],
    ["hourly_log_07.txt", true],
    ["gates/preflight-1/preflight.txt", false],
    ["superseded/3/hourly_log_07.txt", false],
  ])("%s: %s", (path, isWanted) => {
    expect(isReportSource(path)).toBe(isWanted);
  });
});
