import { blackhole as toxic } from "../proxy/toxics/blackhole.ts";
import { toxicFault } from "./toxic-fault.ts";

/** One direction is dead while the other works: a route or NAT entry that is lost on one side. */
export const halfOpen = toxicFault({
  kind: "half-open",
  toxic,
  summary: "one direction of each connection is dead, nothing is closed",
  healing: "The toxic is removed. Dropped data is lost; new data passes again.",
  effect: () => "half-open: bytes dropped",
});
