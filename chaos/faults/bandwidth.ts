import { bandwidth as toxic } from "../proxy/toxics/bandwidth.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Each connection has a limited rate. */
export const bandwidth = toxicFault({
  kind: "bandwidth",
  toxic,
  summary: "each connection has a limited rate",
  required: ["rate"],
  effect: ({ rateKBps }) => `bandwidth of ${rateKBps} KB/s`,
});
