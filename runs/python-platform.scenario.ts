import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { failedChecks, runOnExample, shortened } from "./testing/foreign-platform.ts";

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
      const { scenarios, notApplicable } = await runOnExample(FOLDER, [steadyState, ackLost]);
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
      const { scenarios } = await runOnExample(FOLDER, [ackLost], { DESK_DEFECTS: "resend,float-money" });
      const failed = failedChecks(scenarios[0]);
      expect(failed).toEqual(expect.arrayContaining(["no-duplicate-orders", "fills-agree"]));
    });
  },
);

const steadyState = shortened("steady-state", 4_000);
const ackLost = shortened("binance-ack-lost", 1_000);
/** What is true on a machine that others use too; how soon the platform answers is not. */
const BOOKS: readonly string[] = steadyState.expectation.invariants;
