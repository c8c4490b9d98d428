import fc from "fast-check";
import { expect, it } from "vitest";
import { readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import { completeScenario } from "../../harness/index.ts";
import { subjectOf } from "../experiment/subject.ts";
import { drawLimits, drawPlan } from "../plan/draw-plan.ts";
import { scenarioOf } from "./scenario-of.ts";

const subject = subjectOf(await readPlatformDefinition(SPARK_DEFINITION));
const limits = drawLimits(subject, { links: null, hasKanitEngine: true });

it("a scenario that is made of a reproduction can be run as it is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
      const plan = drawPlan(seed, limits);
      const signature = { check: "fills-agree", problem: "missing" };
      const scenario = completeScenario(scenarioOf({ name: "fills-agree-1234", signature, plan }));
      expect(scenario.faults).toHaveLength(plan.faults.length);
      expect(scenario.faults.every(({ fault }) => !("nth" in fault) || fault.nth === 0)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
