import { CATALOG, CORNER_CASES } from "../scenarios/index.ts";
import { describeScenario } from "./testing/suite.ts";

// The corner cases are tested together (defects.scenario.ts): alone, each takes as long as any other scenario.
for (const scenario of CATALOG.filter((each) => !CORNER_CASES.includes(each))) describeScenario(scenario);
