import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPlatformDefinition } from "../definition/index.ts";
import type { ScenarioRecord } from "../evidence/index.ts";
import type { Scenario } from "../harness/index.ts";
import { scenarioNamed } from "../scenarios/index.ts";
import { runTogether, testLab } from "./testing/suite.ts";

const FOLDER = new URL("../examples/python-platform", import.meta.url).pathname;
const IS_INSTALLED = existsSync(join(FOLDER, ".venv/whole"));

/**
 * A platform that shares nothing with Spark, as a stranger would bring it: another language, API, database and metrics.
 * `examples/python-platform/defects.sh` plants each of its defects; here two share a run.
 */
describe.skipIf(!IS_INSTALLED)(
  "a foreign platform (skipped where examples/python-platform/install.sh was not run)",
  () => {
    it("is found sound, and what it lacks is listed and not judged", async () => {
      const { scenarios, notApplicable } = await runDesk([steadyState, ackLost]);
      expect(scenarios.map(({ name }) => name)).toEqual([steadyState.name, ackLost.name]);
      for (const { checks, command } of scenarios) {
        const verdicts = checks.filter(({ name }) => BOOKS.includes(name)).map(({ verdict }) => verdict);
        expect(verdicts, command).not.toContain("fail");
        expect(verdicts.filter((verdict) => verdict === "pass").length, command).toBeGreaterThan(8);
      }
      expect(notApplicable).toEqual([]);
      const missing = scenarios[0]?.notApplicable ?? [];
      expect(missing).toContainEqual({ what: "CspViolationsHigh", needs: "csp_violations_total" });
      expect(missing).toContainEqual({ what: "BistFeedStaleAbsent", needs: "BIST" });
      const judged = scenarios[0]?.triggers.map(({ name }) => name) ?? [];
      expect(judged).toContain("FeedStale");
      expect(judged).not.toContain("CspViolationsHigh");
    });

    it("is caught sending orders twice and computing money with floats", async () => {
      const { scenarios } = await runDesk([ackLost], "resend,float-money");
      const failed = failedChecks(scenarios[0]);
      expect(failed).toEqual(expect.arrayContaining(["no-duplicate-orders", "fills-agree"]));
    });
  },
);

const steadyState = shortened("steady-state", 4_000);
const ackLost = shortened("binance-ack-lost", 1_000);
/** What is true on a machine that others use too; how soon the platform answers is not. */
const BOOKS: readonly string[] = steadyState.expectation.invariants;

async function runDesk(scenarios: readonly Scenario[], defects = "") {
  const lab = await testLab();
  const platform = await readPlatformDefinition(join(FOLDER, "platform.yml"));
  const environment = defects === "" ? {} : { DESK_DEFECTS: defects };
  // Books that a defect has corrupted never settle.
  const settlesWithinMs = defects === "" ? platform.settlesWithinMs : 3_000;
  return runTogether(scenarios, {
    ...lab,
    platform: { ...platform, settlesWithinMs },
    platformEnvironment: environment,
  });
}

function failedChecks(record: ScenarioRecord | undefined): readonly string[] {
  return (record?.checks ?? []).filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
}

function shortened(name: string, steadyBeforeMs: number): Scenario {
  const scenario = scenarioNamed(name);
  const steadyAfterMs = scenario.faults.length === 0 ? 0 : 1_000;
  return { ...scenario, timing: { steadyBeforeMs, steadyAfterMs } };
}
