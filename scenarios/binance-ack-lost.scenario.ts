import { binanceAckLost } from "./binance-ack-lost.ts";
import { describeScenario } from "./suite.ts";

describeScenario(binanceAckLost);
