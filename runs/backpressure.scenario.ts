import { describe, expect, it } from "vitest";
import { readRecord } from "../evidence/index.ts";
import { PLANTED_CAUSES } from "../scenarios/index.ts";
import { findLimit } from "./find-limit.ts";
import { OUT_DIRECTORY, testLab } from "./testing/suite.ts";
import { verifyRun } from "./verification/verify-run.ts";

/**
 * The first rate is easy for a platform without a planted cause; the second exceeds what a saturated
 * CPU can serve.
 */
const RATES_RPS = [40, 160];
const STEP_MS = 2_000;
const PATIENCE_MS = 90_000;

describe("the search for a platform's limit", () => {
  it.each(PLANTED_CAUSES)("names $limit: $summary", { timeout: PATIENCE_MS }, async (planted) => {
    const { record, paths, folder, head } = await findLimit({
      runtime: { name: "local" },
      outDirectory: OUT_DIRECTORY,
      lab: await testLab(),
      ratesRps: RATES_RPS,
      stepMs: STEP_MS,
      mustHoldRps: null,
      cores: 1,
      planted,
      rulesPath: null,
      command: "./kanit backpressure --self-test",
      listener: () => undefined,
      signal: new AbortController().signal,
    });
    expect(record.outcome, record.why).toMatchObject({
      kind: "limited",
      limit: { kind: "named", limit: planted.limit },
    });
    expect(await readRecord(paths.json ?? "not written")).toEqual(record);
    const findings = await verifyRun(folder, head);
    expect(findings.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  });
});
