import { slowClose as toxic } from "../proxy/toxics/slow-close.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Connections take long to close, so that they accumulate. */
export const slowClose = toxicFault({
  kind: "slow-close",
  toxic,
  summary: "connections take long to close",
  required: ["delay"],
  effect: ({ delayMs }) => `closing delayed by ${delayMs} ms`,
});
