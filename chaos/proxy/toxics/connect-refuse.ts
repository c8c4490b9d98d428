import { connectToxic } from "./toxic-type.ts";

/**
 * Refuses new connections, since nothing listens, while open ones live on: a server that is being drained. The
 * kernel refuses and tells nobody, so that what it touched cannot be counted; `connect_reset` can.
 */
export const connectRefuse = connectToxic({
  type: "connect_refuse",
  summary: "refuses new connections; open ones live on",
  attributes: {},
  closesListener: true,
  // Only for one that was accepted in the moment before the listener closed.
  meet: () => ({ kind: "reset" }),
});
