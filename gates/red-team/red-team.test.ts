import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { ALL_RULE_FILES, loadRuleFiles } from "../../signals/index.ts";
import { soundEvidence } from "../go-no-go/sound-evidence.ts";
import { rehearseBuild } from "../target/rehearsed-build.ts";
import { type GatedLab, startGatedLab } from "../testing/gated-lab.ts";
import { drillChecks, rehearseGate } from "../testing/rehearsal.ts";
import { RED_TEAM } from "./red-team.ts";

let gated: GatedLab;
beforeAll(async () => {
  const started = await startGatedLab({
    timeScale: 1,
    triggers: await loadRuleFiles(ALL_RULE_FILES),
  });
  const { target, commit, directory } = started;
  const { signal } = new AbortController();
  const repository = target.parts.repository?.directory ?? "";
  const build = await rehearseBuild(repository, directory, { clock: systemClock, signal });
  const evidence = soundEvidence(target, commit, systemClock, build);
  gated = { ...started, target: { ...target, parts: { ...target.parts, evidence } } };
});
afterAll(() => gated[Symbol.asyncDispose]());

describe("the red team on a sound lab", () => {
  it("passes each check, and files the corner cases by the names of the release's list", async () => {
    const { record, filing } = await rehearseGate(gated, RED_TEAM);
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
    const { record } = await rehearseGate(gated, RED_TEAM, nothing);
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
      "silent-alerts",
      "sbom-attached",
      "license-drift",
    ];
    const rows = await drillChecks(
      gated,
      RED_TEAM.checks.filter(({ id }) => quick.includes(id)),
    );
    expect(rows.map(({ check, sound, mutant }) => [check.id, sound, mutant])).toEqual(
      rows.map(({ check }) => [check.id, "pass", "fail"]),
    );
    expect(rows).toHaveLength(quick.length);
  });
});
