import { latency as toxic } from "../proxy/toxics/latency.ts";
import { toxicFault } from "./toxic-fault.ts";

/**
 * Data is delayed: on a slow line, by a time drawn uniformly from `latencyMs` ± `jitterMs` for each chunk.
 */
export const latency = toxicFault({
  kind: "latency",
  toxic,
  summary: "data is delayed",
  required: ["latency"],
  effect: ({ latencyMs, jitterMs }) =>
    `latency of ${latencyMs} ms${jitterMs === 0 ? "" : ` ± ${jitterMs} ms`}`,
});
