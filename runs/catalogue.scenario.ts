import { CATALOGUE } from "../scenarios/index.ts";
import { describeScenario } from "./testing/suite.ts";

for (const scenario of CATALOGUE) describeScenario(scenario);
