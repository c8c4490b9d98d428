import { timeout as toxic } from "../proxy/toxics/timeout.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Nothing arrives, and no error is reported: a dropped route, a hung peer. Toxiproxy calls it `timeout`. */
export const silence = toxicFault({
  kind: "silence",
  toxic,
  summary: "nothing passes, connections stay open",
  effect: ({ timeoutMs }) => (timeoutMs === 0 ? "silence" : `silence, closed after ${timeoutMs} ms,`),
});
