import type { ToxicAttributes } from "../stage.ts";
import { startSilentStage } from "./silent-stage.ts";
import { PACING_CAPACITY_BYTES, type ToxicType } from "./toxic-type.ts";

/**
 * Silence: nothing passes, and after `timeout` the connection is closed; 0 never closes it. The bytes are held
 * (up to the capacity, then the sender is made to wait), and go on when the toxic is removed: Toxiproxy drops
 * them and kills the connection. A FIN is held as well, since a silent network carries none.
 */
export const timeout: ToxicType = {
  type: "timeout",
  summary: "lets nothing pass, and closes the connection after the timeout",
  attributes: {
    timeout: { unit: "ms", summary: "time until the connection is closed; 0: never" },
  },
  capacityBytes: PACING_CAPACITY_BYTES,
  start: (host, attributes) => startSilentStage(host, "close", closesAfterMs(attributes), closesAfterMs),
};

function closesAfterMs({ timeout: timeoutMs = 0 }: ToxicAttributes): number | undefined {
  return timeoutMs > 0 ? timeoutMs : undefined;
}
