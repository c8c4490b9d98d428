import { describeScenario } from "./suite.ts";
import { wsFramesSwallowed } from "./ws-frames-swallowed.ts";

describeScenario(wsFramesSwallowed);
