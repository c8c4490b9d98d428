import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { alertsOf } from "../alerting/rule.ts";
import { GOLDEN_SIGNALS } from "../golden-signals.ts";
import { ALL_RULE_FILES, loadRuleFiles } from "../rule-files.ts";
import { runRuleTests } from "../test-language/promtool-tests.ts";

const TESTS = fileURLToPath(new URL("tests/", import.meta.url));
const testFiles = readdirSync(TESTS).map((name) => `${TESTS}${name}`);
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
const alerts = alertsOf(await loadRuleFiles(ALL_RULE_FILES));
const triggers = alerts.filter((alert) => !alert.name.endsWith("Absent"));

describe("the twenty triggers", () => {
  it("are those of the requirement: 6 standard, 2 auto-guards, 8 enhanced, 4 of the enrichment", () => {
    expect(triggers.map((trigger) => trigger.name)).toHaveLength(20);
  });

  it("each have a sibling that fires when their series are missing", () => {
    const names = new Set(alerts.map((alert) => alert.name));
    expect(triggers.filter((trigger) => !names.has(`${trigger.name}Absent`))).toEqual([]);
  });

  it("each have a severity, the golden signal they guard, and the texts that a reader needs", () => {
    for (const alert of alerts) {
      expect(Object.keys(alert.labels), alert.name).toEqual(
        expect.arrayContaining(["severity", "golden_signal"]),
      );
      expect(Object.keys(alert.annotations), alert.name).toEqual(
        expect.arrayContaining(["summary", "description", "runbook_url"]),
      );
    }
  });

  it("guard each of the eight golden signals", () => {
    const guarded = new Set(triggers.map((trigger) => trigger.labels.golden_signal?.text));
    expect(GOLDEN_SIGNALS.filter((signal) => !guarded.has(signal.id))).toEqual([]);
  });

  it("each have six cases: fires, just below, too short, recovers, gap, no data", () => {
    const names = testFiles.flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/- name: '(\w+) /g)].map((match) => match[1]),
    );
    for (const { name } of triggers)
      expect(
        names.filter((other) => other === name),
        name,
      ).toHaveLength(6);
  });
});

describe.each(testFiles)("the cases of %s", (path) => {
  it("pass in kanit's evaluator", async () => {
    const outcomes = await runRuleTests(path);
    expect(outcomes.filter((outcome) => outcome.wrong.length > 0)).toEqual([]);
  });

  // promtool opens a database on disk for each case, and a busy disk makes that slow.
  it.skipIf(!hasPromtool)(
    "pass in promtool (skipped where it is not on the PATH)",
    { timeout: 120_000 },
    () => {
      expect(execFileSync("promtool", ["test", "rules", path], { encoding: "utf8" })).toContain("SUCCESS");
    },
  );
});

describe.each([...ALL_RULE_FILES])("the rule file %s", (path) => {
  it.skipIf(!hasPromtool)("is accepted by promtool (skipped where it is not on the PATH)", () => {
    expect(
      execFileSync("promtool", ["check", "rules", "--lint-fatal", path], { encoding: "utf8" }),
    ).toContain("SUCCESS");
  });
});
