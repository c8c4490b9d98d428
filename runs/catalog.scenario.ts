import { CATALOG, CORNER_CASES, scenarioNamed } from "../scenarios/index.ts";
import { describeScenario } from "./testing/suite.ts";

for (const scenario of CATALOG.filter((each) => !CORNER_CASES.includes(each))) describeScenario(scenario);
// Each of them alone is for the nightly run: a scenario takes as long as its lab needs, whatever is in it.
describeScenario(scenarioNamed("corner-cases-at-once"));
