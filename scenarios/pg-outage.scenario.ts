import { pgOutage } from "./pg-outage.ts";
import { describeScenario } from "./suite.ts";

describeScenario(pgOutage);
