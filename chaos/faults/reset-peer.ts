import { resetPeer as toxic } from "../proxy/toxics/reset-peer.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Connections end with a RST: a crashed peer, a firewall that lost its table. */
export const resetPeer = toxicFault({
  kind: "reset-peer",
  toxic,
  summary: "connections are reset (RST)",
  effect: ({ timeoutMs }) => `connections reset ${timeoutMs === 0 ? "at once" : `after ${timeoutMs} ms`}`,
});
