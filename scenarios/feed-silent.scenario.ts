import { feedSilent } from "./feed-silent.ts";
import { describeScenario } from "./suite.ts";

describeScenario(feedSilent);
