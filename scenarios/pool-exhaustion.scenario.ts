import { poolExhaustion } from "./pool-exhaustion.ts";
import { describeScenario } from "./suite.ts";

describeScenario(poolExhaustion);
