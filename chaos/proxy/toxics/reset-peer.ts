import type { ToxicAttributes } from "../stage.ts";
import { startSilentStage } from "./silent-stage.ts";
import { PACING_CAPACITY_BYTES, type ToxicType } from "./toxic-type.ts";

/**
 * Resets the connection: both sides get a RST after `timeout`, at once when it is 0, whether the connection is
 * new, busy or idle. Until then nothing passes. Toxiproxy resets only connections opened after the toxic,
 * and only when data comes.
 */
export const resetPeer: ToxicType = {
  type: "reset_peer",
  summary: "resets the connection (RST) after the timeout",
  attributes: {
    timeout: { unit: "ms", summary: "time until the connection is reset; 0: at once" },
  },
  capacityBytes: PACING_CAPACITY_BYTES,
  start: (host, attributes) => startSilentStage(host, "reset", resetsAfterMs(attributes), resetsAfterMs),
};

function resetsAfterMs({ timeout: timeoutMs = 0 }: ToxicAttributes): number {
  return timeoutMs;
}
