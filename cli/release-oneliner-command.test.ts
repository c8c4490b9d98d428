import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretRegistry, systemClock } from "../core/index.ts";
import { GateFiling } from "../releases/index.ts";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const execute = promisify(execFile);
const PATIENCE_MS = 180_000;
let kanit: CommandLine;
let archive: string;
beforeAll(async () => {
  kanit = await openCommandLine();
  archive = join(kanit.temporaryDirectory, "out");
});
afterAll(() => kanit[Symbol.asyncDispose]());

/** A snapshot whose signals are all within their limits. */
function snapshotText(stage: string): string {
  const values = { api_latency_p95: 0.14, http_errors: 0.003, feed_staleness: 11, risk_blocks: 0.1 };
  const all = { ...values, idempotency_conflicts: 0.002, csp_violations: 2.08 };
  const signals = Object.entries(all).map(([id, value]) => ({
    ...{ id, value, limit: "", standing: "within", why: "" },
  }));
  const at = "2026-01-01T00:00:00.000Z";
  const read = {
    source: "p",
    window: "5m",
    at,
    requests: 900,
    stalenessSecondsP95: 11,
    cspBaselinePerMinute: 2,
  };
  return JSON.stringify({
    ...{ schema: "kanit.snapshot/1", release: "v1.4.0", stage, target: "lab", commit: null, at, files: [] },
    ...{ verdict: "pass", golden: { ...read, signals } },
  });
}

/** Files a snapshot as `kanit snapshot` does. */
async function fileSnapshot(stage: string): Promise<void> {
  const releases = { root: archive, clock: systemClock, secrets: new SecretRegistry() };
  const subject = { release: "v1.4.0", gate: "snapshot", commit: null, target: "lab", command: "test" };
  const filing = await GateFiling.open(releases, subject);
  const name = `snapshot_stage_${stage}.json`;
  await filing.file({ name, kind: "gate.snapshot.record", text: snapshotText(stage), command: "test" });
  await filing.end({ verdict: "pass", problems: [] });
}

const SCRIPT = fileURLToPath(new URL("../scripts/generate-release-oneliner.sh", import.meta.url));

describe("kanit release-oneliner", { timeout: PATIENCE_MS }, () => {
  it("refuses a release of which nothing is filed", async () => {
    const { exitCode, stderr } = await kanit.run(["release-oneliner", "v9", "--archive", archive]);
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/^kanit: Expected an archive of v9[^\n]*\n$/);
  });

  it("says which stages are missing, with exit code 2, and has the line once all are filed", async () => {
    for (const stage of ["1", "5", "25", "50"]) await fileSnapshot(stage);
    const early = await kanit.run(["release-oneliner", "v1.4.0", "--archive", archive]);
    expect(early.exitCode).toBe(2);
    expect(early.stdout).toContain("  missing: stage 100 %: no snapshot of the metrics\n");
    await fileSnapshot("100");
    const line =
      "v1.4.0 canary: 1%→100% tüm aşamalar 6/6 metrik geçer; rollback=0; p95=~140ms, 5xx=0.3%, ws_stale_p95=11s, " +
      "risk_block=0.1/min, idemp_conflict=0.2%, csp_viol=baseline+4%.";
    const { stdout } = await execute(SCRIPT, ["v1.4.0", "--archive", archive]);
    expect(stdout.split("\n")[0]).toBe(line);
    const filed = await readFile(join(archive, "v1.4.0", "data", "release_oneliner_v1.4.0.txt"), "utf8");
    expect(filed).toBe(`${line}\n`);
  });
});
