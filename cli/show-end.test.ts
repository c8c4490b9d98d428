import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import { RUN_SCHEMA, type RunRecord } from "../evidence/index.ts";
import type { FiledRun } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";
import { readEnvironment } from "./environment.ts";
import { showEnd } from "./show-end.ts";

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
  const codes: number[] = [];
  const context: CommandContext = {
    environment: { ...readEnvironment(new SecretRegistry()), stepSummaryPath },
    output: { line: (text) => lines.push(...text.trim().split("\n")), status: () => undefined },
    signal: new AbortController().signal,
    noteVerdict: () => undefined,
    exitWith: (code) => codes.push(code),
  };
  await showEnd({ ...FILED, ...filed }, context);
  return { lines, codes };
}

describe("the end of a run", () => {
  it("is its verdict, where its report lies, and the line by which its evidence is verified", async () => {
    const { lines, codes } = await end({}, null);
    expect(codes).toEqual([1]);
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

  it("keeps its exit code when the CI's summary cannot be written, and warns", async () => {
    const { lines, codes } = await end({}, "/proc/nowhere/summary.md");
    expect(codes).toEqual([1]);
    expect(lines.at(-1)).toMatch(/^warning: the summary was not written to GITHUB_STEP_SUMMARY: ENOENT/);
  });

  it("says what is known when nothing could be written", async () => {
    const paths = { html: null, json: null, summary: null };
    const { lines, codes } = await end({ paths, head: null, problems: ["The disk is full."] }, null);
    expect(codes).toEqual([1]);
    expect(lines.slice(-2)).toEqual(["Report  not written", "warning: The disk is full."]);
  });
});
