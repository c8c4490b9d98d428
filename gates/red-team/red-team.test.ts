import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { runDrill } from "../engine/run-drill.ts";
import { runGate } from "../engine/run-gate.ts";
import { readSeenRed } from "../engine/seen-red.ts";
import type { Target } from "../engine/target.ts";
import { type GatedLab, startGatedLab } from "../testing/gated-lab.ts";
import { memoryFiling } from "../testing/memory-filing.ts";
import { RED_TEAM } from "./red-team.ts";

let gated: GatedLab;
beforeAll(async () => {
  gated = await startGatedLab();
});
afterAll(() => gated[Symbol.asyncDispose]());

const signal = new AbortController().signal;

async function redTeam(parts: Partial<Target["parts"]> = {}) {
  const { target, commit } = gated;
  const filing = memoryFiling();
  const record = await runGate({
    gate: RED_TEAM,
    target: { ...target, parts: { ...target.parts, ...parts } },
    commit,
    seenRed: await readSeenRed(),
    filing,
    renderPage: () => "<!doctype html>",
    command: "kanit red-team v1.4.0",
    clock: systemClock,
    signal,
    onEvent: () => undefined,
    onVerdict: () => undefined,
  });
  return { record, filing };
}

describe("the red team on a sound lab", () => {
  it("passes each check, and files the corner cases by the names of the release's list", async () => {
    const { record, filing } = await redTeam();
    expect(record.checks.flatMap(({ id, reasons }) => reasons.map((reason) => `${id}: ${reason}`))).toEqual(
      [],
    );
    expect(record).toMatchObject({ verdict: "pass", problems: [] });
    expect([...filing.files.keys()].sort()).toEqual([
      "csp_flood_test.txt",
      "decimal_tick_drift_test.txt",
      "gate_red-team.json",
      "idempotency_burst_test.txt",
      "index.html",
      "license_drift_test.txt",
      "outbox_clock_skew_test.txt",
      "red_team_pass_v1.4.0.txt",
    ]);
    const summary = filing.files.get("red_team_pass_v1.4.0.txt")?.text;
    expect(summary).toContain("\n1. Collation of unique indexes\n");
  });
});

describe("a bad day: the red team never passes when", () => {
  it("nothing of the target is there", async () => {
    const nothing = Object.fromEntries(Object.keys(gated.target.parts).map((field) => [field, null]));
    const { record } = await redTeam(nothing);
    expect(record.verdict).toBe("inconclusive");
    expect(record.checks.map(({ summary }) => summary)).toEqual(
      RED_TEAM.checks.map(({ needs }) => `not run: needs ${needs.join(", ")}`),
    );
  });
});

describe("the mutants of the red team", () => {
  it("are seen by their checks, which are sound before: those that take least time", async () => {
    const quick = [
      "unique-index-collation",
      "hsts-preload-trap",
      "pool-mode-mismatch",
      "csp-nonce",
      "license-drift",
    ];
    const { lab, target, commit, directory } = gated;
    const rows = await runDrill({
      checks: RED_TEAM.checks.filter(({ id }) => quick.includes(id)),
      ground: { lab, directory: await mkdtemp(join(directory, "drill-")), clock: systemClock, signal },
      readTarget: () => target,
      commit,
      clock: systemClock,
      onRow: () => undefined,
    });
    expect(rows.map(({ check, sound, mutant }) => [check.id, sound, mutant])).toEqual(
      rows.map(({ check }) => [check.id, "pass", "fail"]),
    );
    expect(rows).toHaveLength(quick.length);
  });
});
