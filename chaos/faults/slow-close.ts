import { slowClose as toxic } from "../proxy/toxics/slow-close.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Connections take long to close, so that they accumulate. */
export const slowClose = toxicFault({
  kind: "slow-close",
  toxic,
  summary: "the closing of connections is delayed",
  required: ["delay"],
  effect: ({ delayMs }) => `closing delayed by ${delayMs} ms`,
});
