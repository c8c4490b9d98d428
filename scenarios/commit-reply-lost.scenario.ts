import { commitReplyLost } from "./commit-reply-lost.ts";
import { describeScenario } from "./suite.ts";

describeScenario(commitReplyLost);
