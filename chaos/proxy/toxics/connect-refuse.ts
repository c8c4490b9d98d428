import { connectToxic } from "./toxic-type.ts";

/**
 * Refuses new connections by not listening, while open ones continue: a server that is being drained. The
 * kernel refuses without notifying the proxy, so these refusals cannot be counted; `connect_reset` can count.
 */
export const connectRefuse = connectToxic({
  type: "connect_refuse",
  summary: "refuses new connections; open ones continue",
  attributes: {},
  closesListener: true,
  // Only for a connection that was accepted just before the listener closed.
  connect: () => ({ kind: "reset" }),
});
