import { dbLatency } from "./db-latency.ts";
import { describeScenario } from "./suite.ts";

describeScenario(dbLatency);
