import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../core/index.ts";
import { RUN_SCHEMA, type RunRecord } from "../evidence/index.ts";
import type { FiledRun } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";
import type { CommandResult } from "./output.ts";
import { showEnd } from "./show-end.ts";
import { SILENT_OUTPUT, silentContext } from "./testing/silent-context.ts";

const HEAD = "e".repeat(64);
const RECORD: RunRecord = {
  ...{ schema: RUN_SCHEMA, runId: "run-1", title: "a run", command: "./kanit run x", seed: 1 },
  ...{ platform: "spark", startedAt: "2026-01-01T00:00:00.000Z", endedAt: "2026-01-01T00:00:09.000Z" },
  verdict: "fail",
  environment: {
    ...{ runtime: "local", kanitVersion: "1", commit: "unknown", node: "24", os: "Linux", cpuModel: "x" },
    ...{ cpuCount: 2, memoryBytes: 1, postgres: "16", pgbouncer: "1", proxy: "kanit", market: "none" },
    ...{ tapeSpeed: 1, timeScale: 60 },
  },
  scenarios: [],
  notRun: [],
  notApplicable: [],
};
const FILED: FiledRun<RunRecord> = {
  record: RECORD,
  verdict: "fail",
  folder: `${process.cwd()}/out/run-1`,
  paths: { html: `${process.cwd()}/out/run-1/index.html`, json: "", summary: "" },
  head: HEAD,
  problems: [],
};
const VERIFICATION = `./kanit verify out/run-1 --head ${HEAD}`;

async function end(filed: Partial<FiledRun<RunRecord>>, stepSummaryPath: string | null) {
  const lines: string[] = [];
  const verdicts: Verdict[] = [];
  const results: CommandResult[] = [];
  const silent = silentContext();
  const context: CommandContext = {
    ...silent,
    environment: { ...silent.environment, stepSummaryPath },
    output: {
      ...SILENT_OUTPUT,
      line: (text) => lines.push(...text.trim().split("\n")),
      result: (result) => results.push(result),
    },
    conclude: (verdict) => verdicts.push(verdict),
  };
  await showEnd({ ...FILED, ...filed }, context);
  return { lines, verdicts, results };
}

describe("the end of a run", () => {
  it("is its verdict, where its report lies, and the line by which its evidence is verified", async () => {
    const { lines, verdicts, results } = await end({}, null);
    expect(verdicts).toEqual(["fail"]);
    expect(results).toMatchObject([{ runId: "run-1", head: HEAD, report: FILED.paths.html, problems: [] }]);
    expect(lines[0]).toMatch(/^FAIL {2}a run/);
    expect(lines.slice(-2)).toEqual(["Report  out/run-1/index.html", `Verify  ${VERIFICATION}`]);
  });

  it("is in the CI's summary as well, with the line by which its evidence is verified", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kanit-summary-"));
    await end({}, join(folder, "summary.md"));
    const summary = readFileSync(join(folder, "summary.md"), "utf8");
    rmSync(folder, { recursive: true });
    expect(summary).toMatch(/^## . FAIL: a run\n/u);
    expect(summary).toContain(`\`\`\`sh\n${VERIFICATION}\n\`\`\`\n`);
  });

  it("keeps its verdict when the CI's summary cannot be written, and warns", async () => {
    const { lines, verdicts } = await end({}, "/proc/nowhere/summary.md");
    expect(verdicts).toEqual(["fail"]);
    expect(lines.at(-1)).toMatch(/^warning: the summary was not written to GITHUB_STEP_SUMMARY: ENOENT/);
  });

  it("says what is known when nothing could be written", async () => {
    const paths = { html: null, json: null, summary: null };
    const { lines, verdicts } = await end({ paths, head: null, problems: ["The disk is full."] }, null);
    expect(verdicts).toEqual(["fail"]);
    expect(lines.slice(-2)).toEqual(["Report  not written", "warning: The disk is full."]);
  });
});
