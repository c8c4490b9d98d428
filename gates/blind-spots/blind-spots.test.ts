import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatedLab, startGatedLab } from "../testing/gated-lab.ts";
import { drillChecks } from "../testing/rehearsal.ts";
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
    const rows = await drillChecks(
      gated,
      BLIND_SPOTS.checks.filter(({ id }) => !SLOW.includes(id)),
    );
    expect(
      rows
        .filter(({ verdict }) => verdict !== "pass")
        .map((row) => [row.check.id, row.soundReasons, row.effect]),
    ).toEqual([]);
    expect(BLIND_SPOTS.checks).toHaveLength(9);
  });
});
