import { wholeNumber } from "./attribute-spec.ts";
import { startSilentStage } from "./silent-stage.ts";
import { oneWayToxic, PACING_CAPACITY_BYTES } from "./toxic-type.ts";

/**
 * Silence: nothing passes, and after `timeout` the connection is closed; 0 never closes it. The bytes are
 * held (beyond the capacity the sender is blocked), and delivered when the toxic is removed, where Toxiproxy
 * drops them and closes the connection. A FIN is held as well, since a silent network does not carry one.
 */
export const timeout = oneWayToxic({
  type: "timeout",
  summary: "passes nothing, and closes the connection after the timeout",
  engine: "toxiproxy",
  attributes: {
    timeout: wholeNumber("ms", "ms until the connection is closed; 0: never"),
  },
  capacityBytes: PACING_CAPACITY_BYTES,
  start: (host, attributes) => startSilentStage(host, "close", closesAfterMs(attributes), closesAfterMs),
});

function closesAfterMs({ timeout: timeoutMs }: { readonly timeout: number }): number | undefined {
  return timeoutMs > 0 ? timeoutMs : undefined;
}
