import { connectToxic } from "./toxic-type.ts";

/** Accepts new connections and resets them immediately: a full load balancer, a firewall that rejects. */
export const connectReset = connectToxic({
  type: "connect_reset",
  summary: "resets new connections at once",
  attributes: {},
  closesListener: false,
  connect: () => ({ kind: "reset" }),
});
