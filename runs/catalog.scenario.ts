import { CATALOG } from "../scenarios/index.ts";
import { describeScenario } from "./testing/suite.ts";

for (const scenario of CATALOG) describeScenario(scenario);
