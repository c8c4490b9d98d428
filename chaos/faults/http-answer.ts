import { httpAnswer as toxic } from "../proxy/toxics/http-answer.ts";
import { describeRequests } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Requests are answered without the server: a gateway whose backend is down, a venue that refuses. */
export const httpAnswer = toxicFault({
  kind: "http-answer",
  toxic,
  summary: "HTTP requests are answered by the proxy and never reach the server",
  healing: "The toxic is removed. A request that it still holds is forwarded to the server.",
  effect: (fault) => `${fault.status} in answer to ${describeRequests(fault)}, not forwarded,`,
});
