import { wholeNumber } from "./attribute-spec.ts";
import { startSilentStage } from "./silent-stage.ts";
import { oneWayToxic, PACING_CAPACITY_BYTES } from "./toxic-type.ts";

/**
 * Resets the connection: both sides get a RST after `timeout` (0: immediately), whether the connection is
 * new, busy or idle. Until then nothing passes. Toxiproxy resets only connections opened after the toxic was
 * added, and only when data arrives.
 */
export const resetPeer = oneWayToxic({
  type: "reset_peer",
  summary: "resets the connection (RST) after the timeout",
  engine: "toxiproxy",
  attributes: {
    timeout: wholeNumber("ms", "ms until the connection is reset; 0: at once"),
  },
  capacityBytes: PACING_CAPACITY_BYTES,
  start: (host, attributes) => startSilentStage(host, "reset", resetsAfterMs(attributes), resetsAfterMs),
});

function resetsAfterMs({ timeout: timeoutMs }: { readonly timeout: number }): number {
  return timeoutMs;
}
