import { freeze as toxic } from "../proxy/toxics/freeze.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Nothing flows and nothing is closed: a paused virtual machine. */
export const freeze = toxicFault({
  kind: "freeze",
  toxic,
  summary: "both directions are held, nothing is closed",
  effect: () => "connections frozen",
});
