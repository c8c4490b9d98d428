import { cutAfter as toxic } from "../proxy/toxics/cut-after.ts";
import { toxicFault } from "./toxic-fault.ts";

/**
 * Connections are ended at a certain age, even while busy: a load balancer's limit, a venue's session limit.
 */
export const cutAfter = toxicFault({
  kind: "cut-after",
  toxic,
  summary: "connections are ended after a time",
  healing: "The toxic is removed. Connections that were cut are gone; clients open new ones.",
  required: ["after"],
  effect: ({ afterMs, how }) => `connections ${how === "reset" ? "reset" : "closed"} after ${afterMs} ms`,
});
