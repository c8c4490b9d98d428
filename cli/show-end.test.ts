import { describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import type { RunRecord } from "../evidence/index.ts";
import type { FiledRun } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";
import { readEnvironment } from "./environment.ts";
import { showEnd } from "./show-end.ts";

const RENDERINGS = {
  columns: 80,
  terminal: (_: RunRecord, { reportPath }: { readonly reportPath: string }) => `report: ${reportPath}`,
  markdown: () => "# FAIL",
};

async function end(filed: Pick<FiledRun<RunRecord>, "paths" | "problems">, stepSummaryPath: string | null) {
  const lines: string[] = [];
  const codes: number[] = [];
  const context: CommandContext = {
    environment: { ...readEnvironment(new SecretRegistry()), stepSummaryPath },
    output: { line: (text) => lines.push(text.trim()), status: () => undefined },
    signal: new AbortController().signal,
    noteVerdict: () => undefined,
    exitWith: (code) => codes.push(code),
  };
  await showEnd({ ...filed, verdict: "fail", record: { verdict: "fail" } as RunRecord }, RENDERINGS, context);
  return { lines, codes };
}

describe("the end of a run", () => {
  it("keeps its exit code when the CI's summary cannot be written, and warns", async () => {
    const paths = { html: `${process.cwd()}/out/index.html`, json: "", summary: "" };
    const { lines, codes } = await end({ paths, problems: [] }, "/proc/nowhere/summary.md");
    expect(codes).toEqual([1]);
    expect(lines).toEqual([
      "report: out/index.html",
      expect.stringMatching(/^warning: the summary was not written to GITHUB_STEP_SUMMARY: ENOENT/),
    ]);
  });

  it("says what is known when the report could not be written", async () => {
    const { lines, codes } = await end({ paths: null, problems: ["The disk is full."] }, null);
    expect(codes).toEqual([1]);
    expect(lines).toEqual(["report: not written", "warning: The disk is full."]);
  });
});
