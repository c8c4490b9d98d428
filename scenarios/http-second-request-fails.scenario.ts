import { httpSecondRequestFails } from "./http-second-request-fails.ts";
import { describeScenario } from "./suite.ts";

describeScenario(httpSecondRequestFails);
