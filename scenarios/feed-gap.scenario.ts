import { feedGap } from "./feed-gap.ts";
import { describeScenario } from "./suite.ts";

describeScenario(feedGap);
