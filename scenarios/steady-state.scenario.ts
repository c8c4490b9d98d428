import { steadyState } from "./steady-state.ts";
import { describeScenario } from "./suite.ts";

describeScenario(steadyState);
