import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { runDrill } from "../engine/run-drill.ts";
import { type GatedLab, startGatedLab } from "../testing/gated-lab.ts";
import { BLIND_SPOTS } from "./blind-spots.ts";

/** It waits for seconds until a transaction is old: `kanit gate blind-spots --drill` has it. */
const SLOW = ["long-transactions"];

let gated: GatedLab;
beforeAll(async () => {
  gated = await startGatedLab();
});
afterAll(() => gated[Symbol.asyncDispose]());

describe("the blind spots", () => {
  it("are nine, pass on a sound lab, and are seen under their mutants", async () => {
    const { lab, target, commit, directory } = gated;
    const rows = await runDrill({
      checks: BLIND_SPOTS.checks.filter(({ id }) => !SLOW.includes(id)),
      ground: {
        ...{ lab, clock: systemClock, signal: new AbortController().signal },
        directory: await mkdtemp(join(directory, "drill-")),
      },
      readTarget: () => target,
      commit,
      clock: systemClock,
      onRow: () => undefined,
    });
    expect(
      rows
        .filter(({ verdict }) => verdict !== "pass")
        .map((row) => [row.check.id, row.soundReasons, row.effect]),
    ).toEqual([]);
    expect(BLIND_SPOTS.checks).toHaveLength(9);
  });
});
